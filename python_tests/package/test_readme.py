"""What the README tells a newcomer to type works, and prints what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from derived_tables.operations.cli import main as derived_tables

from derived_tables.harness.projects import Project, create_project


@pytest.fixture
def readme(repository: Path) -> str:
    """The README."""
    return (repository / "README.md").read_text(encoding="utf-8")


def block_of(readme: str, language: str, part: str) -> str:
    """The one block of code of a language that has a text in it."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", readme, flags=re.DOTALL)
    [block] = [block for block in blocks if part in block]
    return block


@pytest.fixture
def project(readme: str, repository: Path, tmp_path: Path) -> Project:
    """A project wired with the README's own lines."""
    wiring = block_of(readme, "yaml", "dispatch:")
    assert len(wiring.splitlines()) == 6
    shims = block_of(readme, "sql", "generate_schema_name")
    project = create_project(tmp_path, package=None, name="my_project", config=yaml.safe_load(wiring))
    project.write({"packages.yml": f"packages: [{{local: {repository}}}]\n", "macros/derived_tables.sql": shims})
    project.dbt("deps").passed()
    return project


def shown(readme: str, start: str) -> list[str]:
    """Lines of the console block that contains `start`, without what differs from run to run."""
    return block_of(readme, "console", start).splitlines()


def test_first_model(project: Project, readme: str) -> None:
    block = shown(readme, "cat models/sales/orders/orders__daily.sql")
    project.write({"models/sales/orders/orders__daily.sql": block[1]})
    run = project.dbt("run").passed()
    expected = [line for line in block[3:] if line and not line.startswith(("$", "…"))]
    assert len(expected) == 5
    for line in expected:
        text = re.sub(r"\.{3,}.*", "", line).strip()
        assert any(text in message for message in run.messages), text


def test_bad_name(project: Project, readme: str) -> None:
    project.write({"models/sales/orders/Daily.sql": "select 1 as order_id"})
    run = project.dbt("run")
    assert not run.success
    for line in shown(readme, "must be `models/sales/orders/orders__daily.sql`")[1:]:
        assert line.strip() in run.output


def test_snapshots(project: Project, readme: str) -> None:
    project.write(
        {
            "models/finance/accounts/accounts__balances.sql": "select 1 as customer_id, 10 as balance",
            "models/finance/accounts/accounts__balances_daily.sql": block_of(readme, "sql", "snapshot_append"),
            "models/finance/accounts/accounts__balances_daily.yml": block_of(readme, "yaml", "data_tests:"),
        }
    )
    project.dbt("run", "--exclude", "accounts__balances_daily").passed()
    block = shown(readme, "dbt build --select accounts__balances_daily")
    for _ in ("the first time", "again"):
        run = project.dbt(*shlex.split(block[0])[2:]).passed()
        lines = [line for line in block[1:] if line != "…"]
        assert len(lines) == 3
        for line in lines:
            assert re.sub(r"\.{3,}.*", "", line).strip() in run.output
    with duckdb.connect(str(project.path / "my_project.duckdb"), read_only=True) as connection:
        rows = connection.sql("select *, snapshot_date::varchar from accounts_dev_dbt.balances_daily").fetchall()
    assert [(*row[:2], row[3]) for row in rows] == [(1, 10, "2024-01-31")]

    [command, _, refusal] = shown(readme, "dbt run --full-refresh")
    run = project.dbt(*shlex.split(command)[2:])
    assert not run.success
    assert refusal in run.output


@pytest.mark.long
def test_snapshots_of_a_month(
    readme: str,
    flights_project: Project,
    flights_duckdb: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / flights_duckdb.name
    shutil.copyfile(flights_duckdb, file)
    monkeypatch.setenv("FLIGHTS_DUCKDB_PATH", str(file))
    monkeypatch.chdir(flights_project.path)
    _, backfill, operation = block_of(readme, "console", "backfill-snapshots").replace("\\\n", " ").split("$ ")[1:]
    command, first, _, last = backfill.strip().splitlines()
    capsys.readouterr()
    assert derived_tables(shlex.split(command)[1:]) == 0
    printed = [re.sub("[0-9.]+ s", "", line) for line in capsys.readouterr().out.splitlines()]
    assert len(printed) == 31
    assert [printed[0], printed[-1]] == [re.sub("[0-9.]+ s", "", line) for line in (first, last)]

    command, *lines = operation.strip().splitlines()
    run = flights_project.dbt(*shlex.split(command)[1:]).passed()
    output = run.output.splitlines()
    assert [line for line in lines if line != "…" and line not in output] == []
