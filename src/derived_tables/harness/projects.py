"""Writes small dbt projects that consume the package, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from derived_tables.harness.dbt_run import DbtRun, run_dbt

#: macros/derived_tables.sql of every consuming project.
SHIMS = """\
{#- dbt looks for these two names in the project that it runs, never in a package: pass them on. -#}

{%- macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {{- return(derived_tables.generate_schema_name(custom_schema_name, node)) -}}
{%- endmacro -%}

{%- macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{- return(derived_tables.generate_alias_name(custom_alias_name, node)) -}}
{%- endmacro -%}
"""


@dataclass(frozen=True)
class Project:
    """A dbt project in a folder of its own."""

    path: Path

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files, given by their paths below the project; common indentation is removed."""
        for name, text in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")

    def dbt(
        self,
        *args: str,
        target: str | None = None,
        variables: Mapping[str, Any] | None = None,
        env: Mapping[str, str | None] | None = None,
    ) -> DbtRun:
        """Runs one dbt command on the project; see run_dbt."""
        return run_dbt(self.path, *args, target=target, variables=variables, env=env)


def duckdb_target(path: Path, *, threads: int = 2) -> dict[str, Any]:
    """A target of profiles.yml that writes into a DuckDB file."""
    return {"type": "duckdb", "path": str(path), "threads": threads}


def athena_target(*, bucket: str = "derived-tables", **changes: Any) -> dict[str, Any]:
    """A target of profiles.yml for Athena, as the package wants it; `changes` replace or add keys."""
    return {
        "type": "athena",
        "region_name": "eu-west-1",
        "database": "awsdatacatalog",
        "schema": "default",
        "s3_staging_dir": f"s3://{bucket}/query_results/",
        "s3_data_dir": f"s3://{bucket}/tables",
        "s3_data_naming": "table_unique",
        "threads": 2,
        **changes,
    }


def create_project(
    path: Path,
    *,
    package: Path | Mapping[str, Any] | None,
    name: str = "consumer",
    files: Mapping[str, str] | None = None,
    config: Mapping[str, Any] | None = None,
    targets: Mapping[str, Mapping[str, Any]] | None = None,
) -> Project:
    """Writes a project that is wired to the package as the README says; `dbt deps` has still to be run.

    Args:
        path: the project's folder; made if it is missing.
        package: what packages.yml lists: a folder, any other entry, or None for a project without the package.
        name: the project's and its profile's name.
        files: further files, by their paths below the project.
        config: what dbt_project.yml holds besides the name and the wiring.
        targets: those of profiles.yml, the first is the default; without any, `duckdb` with a file in the project.
    """
    if targets is None:
        targets = {"duckdb": duckdb_target(path / f"{name}.duckdb")}
    profile = {"target": next(iter(targets)), "outputs": {key: dict(value) for key, value in targets.items()}}
    project: dict[str, Any] = {"name": name, "version": "1.0.0", "config-version": 2, "profile": name}
    if package is not None:
        search_order = [name, "derived_tables", "dbt"]
        project["dispatch"] = [{"macro_namespace": "athena", "search_order": search_order}]
        project["on-run-start"] = "{{ derived_tables.check_run() }}"
        project["on-run-end"] = "{{ derived_tables.finish_run(results) }}"
    written = Project(path)
    written.write(
        {
            "dbt_project.yml": yaml.safe_dump({**project, **(config or {})}, sort_keys=False),
            "profiles.yml": yaml.safe_dump({name: profile}, sort_keys=False),
        }
    )
    if package is not None:
        entry = {"local": str(package)} if isinstance(package, Path) else dict(package)
        written.write({"packages.yml": yaml.safe_dump({"packages": [entry]}), "macros/derived_tables.sql": SHIMS})
    written.write(files or {})
    return written
