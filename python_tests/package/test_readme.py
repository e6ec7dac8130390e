"""What the README tells a newcomer to type works, and prints what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from derived_tables.harness.projects import Project, create_project


@pytest.fixture
def readme(repository: Path) -> str:
    """The README."""
    return (repository / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def project(readme: str, repository: Path, tmp_path: Path) -> Project:
    """A project wired with the README's own lines."""
    [wiring] = [block for block in re.findall(r"```yaml\n(.*?)```", readme, flags=re.DOTALL) if "dispatch:" in block]
    assert len(wiring.splitlines()) == 6
    [shims] = re.findall(r"```sql\n(.*?)```", readme, flags=re.DOTALL)
    project = create_project(tmp_path, package=None, name="my_project", config=yaml.safe_load(wiring))
    project.write({"packages.yml": f"packages: [{{local: {repository}}}]\n", "macros/derived_tables.sql": shims})
    project.dbt("deps").passed()
    return project


def shown(readme: str, start: str) -> list[str]:
    """Lines of the console block that contains `start`, without what differs from run to run."""
    [block] = [block for block in re.findall(r"```console\n(.*?)```", readme, flags=re.DOTALL) if start in block]
    return str(block).splitlines()


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
