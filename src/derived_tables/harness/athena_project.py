"""A copy of a dbt project that runs on a local Athena, for tests."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from derived_tables.harness.projects import Project, athena_target
from local_athena import LocalAthena

BUCKET = "dbt-tests"

#: What dbt and people leave in a project's folder.
_LEFTOVERS = shutil.ignore_patterns("target", "logs", ".git", ".venv", "*.duckdb", "__pycache__")


@dataclass(frozen=True)
class AthenaProject(Project):
    """A dbt project whose default target is a local Athena.

    Attributes:
        schema: the target's schema, a database of the project's own.
        athena: the local Athena.
    """

    schema: str
    athena: LocalAthena

    def query(self, sql: str) -> list[dict[str, str | None]]:
        """Rows of a query as texts by their columns' names; names of tables without a database are in `schema`."""
        return self.athena.query(sql, self.schema)


def copy_to_athena(
    source: Path,
    path: Path,
    athena: LocalAthena,
    *,
    schema: str,
    target_name: str = "local_athena",
    files: Mapping[str, str] | None = None,
    **changes: Any,
) -> AthenaProject:
    """Copies a project, gives it a profiles.yml for a local Athena, and installs its packages.

    Args:
        source: the project's folder; it is not changed.
        path: where the copy goes.
        athena: a local Athena that is running.
        schema: of the target.
        target_name: for projects that look at `target.name`.
        files: files that are added or replaced, by their paths below the project.
        changes: further keys of the target in profiles.yml.

    Raises:
        FileNotFoundError: there is no dbt_project.yml in the folder.
        DbtRunError: `dbt deps` failed.
    """
    shutil.copytree(source, path, ignore=_LEFTOVERS)
    project = AthenaProject(path, schema, athena)
    project.write(files or {})
    configuration = yaml.safe_load((path / "dbt_project.yml").read_text(encoding="utf-8"))
    athena.create_bucket(BUCKET)
    target = athena_target(
        bucket=BUCKET,
        schema=schema,
        **{"s3_data_dir": f"s3://{BUCKET}/tables/{schema}", "poll_interval": 0.05, **changes},
    )
    profile = {"target": target_name, "outputs": {target_name: target}}
    name = configuration.get("profile", configuration["name"])
    (path / "profiles.yml").write_text(yaml.safe_dump({name: profile}), encoding="utf-8")
    if (path / "packages.yml").exists() or (path / "dependencies.yml").exists():
        project.dbt("deps").passed()
    return project
