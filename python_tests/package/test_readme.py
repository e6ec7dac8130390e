"""What the READMEs tell a newcomer to type works, and prints what they show."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from derived_tables.cli.main import main as derived_tables
from derived_tables.harness.projects import Project, create_project

MODEL = "models/finance/accounts/accounts__balances_daily"


@pytest.fixture
def readme(repository: Path) -> str:
    """The README."""
    return (repository / "README.md").read_text(encoding="utf-8")


def block_of(page: str, language: str, part: str) -> str:
    """The one block of code of a language that has a text in it."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", page, flags=re.DOTALL)
    [block] = [block for block in blocks if part in block]
    return block


def shown(page: str, start: str) -> list[str]:
    """Lines of the console block that contains `start`, without those that stand for others."""
    return [line for line in block_of(page, "console", start).splitlines() if line != "…"]


def without_times(line: str) -> str:
    """A line up to where it tells how long something took, or leaves something out."""
    return re.split(r" \.{3,} |…|in \d+\.\d s", line)[0].strip()


@pytest.fixture
def project(readme: str, repository: Path, tmp_path: Path) -> Project:
    """A project wired with the README's own lines."""
    wiring = block_of(readme, "yaml", "dispatch:")
    assert len(wiring.splitlines()) == 7
    shims = block_of(readme, "sql", "generate_schema_name")
    project = create_project(tmp_path, package=None, name="my_project", config=yaml.safe_load(wiring))
    project.write({"packages.yml": f"packages: [{{local: {repository}}}]\n", "macros/derived_tables.sql": shims})
    project.dbt("deps").passed()
    return project


def test_sixty_seconds(project: Project, readme: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"`{MODEL}.sql`" in readme
    project.write(
        {
            f"{MODEL}.sql": block_of(readme, "sql", "snapshot_append"),
            f"{MODEL}.yml": block_of(readme, "yaml", "data_tests:"),
        }
    )
    command, *lines = shown(readme, "dbt build --vars")
    for _ in ("the first time", "again"):
        run = project.dbt(*shlex.split(command)[2:]).passed()
        assert len(lines) == 3
        for line in lines:
            # dbt 1.12 also says how many nodes of an earlier run it used.
            assert without_times(line) in run.output.replace(" REUSED=0", "")
    with duckdb.connect(str(project.path / "my_project.duckdb"), read_only=True) as connection:
        rows = connection.sql("select *, snapshot_date::varchar from accounts_dev_dbt.balances_daily").fetchall()
    assert [(*row[:2], row[3]) for row in rows] == [(7, 40, "2024-01-31")]

    command, *lines = shown(readme, "derived-tables snapshots list")
    where = ["--project-dir", str(project.path), "--profiles-dir", str(project.path)]
    capsys.readouterr()
    assert derived_tables([*shlex.split(command)[2:], *where]) == 0
    assert capsys.readouterr().out.splitlines() == lines


def test_bad_name(project: Project, readme: str) -> None:
    project.write({"models/sales/orders/Daily.sql": "select 1 as order_id"})
    run = project.dbt("run")
    assert not run.success
    for line in shown(readme, "must be `models/sales/orders/orders__daily.sql`")[1:]:
        assert without_times(line) in run.output


def test_the_profile_for_athena(project: Project, readme: str) -> None:
    project.write(
        {
            "profiles.yml": block_of(readme, "yaml", "s3_data_naming"),
            f"{MODEL}.sql": block_of(readme, "sql", "snapshot_append"),
        }
    )
    people = {"DERIVED_TABLES_USER": "jane_doe", "DERIVED_TABLES_CI_ID": "pr_123"}
    databases = {}
    for target in ("prod", "dev", "sandbox", "ci"):
        manifest = project.dbt("parse", "--no-partial-parse", target=target, env=people).passed().result
        [node] = [node for node in manifest.nodes.values() if node.resource_type == "model"]
        databases[target] = node.schema
    assert databases == {
        "prod": "accounts",
        "dev": "accounts_dev_dbt",
        "sandbox": "accounts_sandbox_jane_doe",
        "ci": "accounts_ci_pr_123",
    }


@pytest.mark.long
def test_snapshots_of_a_month(
    repository: Path,
    flights_project: Project,
    flights_duckdb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (repository / "integration_tests/flights/README.md").read_text(encoding="utf-8")
    file = tmp_path / flights_duckdb.name
    shutil.copyfile(flights_duckdb, file)
    monkeypatch.setenv("FLIGHTS_DUCKDB_PATH", str(file))
    monkeypatch.chdir(flights_project.path)
    block = block_of(page, "console", "snapshots backfill").replace("\\\n", " ")
    commands = block.split("$ ")[1:]
    assert len(commands) == 2
    for text in commands:
        command, *lines = text.strip().splitlines()
        capsys.readouterr()
        assert derived_tables(shlex.split(command)[1:]) == 0
        printed = [without_times(line) for line in capsys.readouterr().out.splitlines()]
        assert [line for line in lines if line not in ("…", "") and without_times(line) not in printed] == []
