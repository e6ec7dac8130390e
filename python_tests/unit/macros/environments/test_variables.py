"""Variables of `--vars` that are nearly ours are refused: by the macros in a run, by the command everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from dbt.version import installed
from hypothesis import given, settings
from hypothesis import strategies as st

from derived_tables.errors import RefusedError
from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import Project, duckdb_target
from derived_tables.project.project import Options, open_project
from derived_tables.project.variables import OURS, is_near

MODEL = {"models/sales/orders/orders__daily.sql": "select 1 as id"}

SLIPS = [
    ("enviroment", "environment"),
    ("environement", "environment"),
    ("enviorment", "environment"),
    ("environmnet", "environment"),
    ("Environment", "environment"),
    ("ENVIRONMENT", "environment"),
    ("env-ironment", "environment"),
    ("snapshotdate", "snapshot_date"),
    ("snapshot-date", "snapshot_date"),
    ("snapshot_dates", "snapshot_date"),
    ("snaphsot_date", "snapshot_date"),
    ("deplay", "deploy"),
    ("prod_target", "prod_targets"),
    ("discard_snapshot", "discard_snapshots"),
    ("onbadname", "on_bad_name"),
    ("envrionment", "environment"),
    ("nvironment", "environment"),
    ("wnvironment", "environment"),
    ("napshot_date", "snapshot_date"),
]
#: What people may well have in a project.
OTHERS = [
    "deployment",
    "start_date",
    "snapshot",
    "environments_table",
    "prod",
    "employees",
    "target_date",
    "x",
]


@pytest.mark.parametrize(("slip", "meant"), SLIPS)
def test_slips_are_near(slip: str, meant: str) -> None:
    assert is_near(slip, meant)


@pytest.mark.parametrize("other", OTHERS)
def test_other_names_are_not(other: str) -> None:
    assert not [known for known in OURS if is_near(other, known)]


def test_none_of_ours_is_near_another() -> None:
    assert [(one, two) for one in OURS for two in OURS if one != two and is_near(one, two)] == []


@settings(max_examples=100, deadline=None)
@given(
    given=st.one_of(
        st.text(alphabet="envirot_-E ", max_size=12),
        st.sampled_from([slip for slip, _ in SLIPS]),
        st.sampled_from(OURS),
    ),
    meant=st.sampled_from(OURS),
)
def test_macro_and_command_agree(macros: Macros, given: str, meant: str) -> None:
    assert macros.call("_is_near", given=given, meant=meant) == is_near(given, meant)


def test_a_run_with_a_slip_writes_nothing(consumer: Callable[..., Project]) -> None:
    """Red before: it ran in dev, and said so in one line among many."""
    project = consumer(MODEL)
    run = project.dbt("run", variables={"enviroment": "sandbox"})
    assert not run.success
    assert "each variable of `--vars` must be ours or clearly another one, got `enviroment`" in run.output
    assert "Write `environment`, if you mean that" in run.output


def test_drop_schema_with_a_slip_drops_nothing(consumer: Callable[..., Project]) -> None:
    project = consumer(MODEL)
    project.dbt("run").passed()
    run = project.dbt(
        "run-operation", "drop_schema", "--args", "schema_name: orders_dev_dbt", variables={"enviroment": "ci"}
    )
    assert not run.success
    assert "Write `environment`, if you mean that" in run.output


def test_variables_of_their_own_are_the_projects(consumer: Callable[..., Project]) -> None:
    project = consumer(MODEL)
    project.dbt("run", variables=dict.fromkeys(OTHERS, 1)).passed()


def test_prod_targets_in_vars_is_no_way_into_production(consumer: Callable[..., Project], tmp_path: Path) -> None:
    """Red before: the two together wrote to production from any target."""
    file = tmp_path / "all.duckdb"
    project = consumer(MODEL, targets={"duckdb": duckdb_target(file)})
    run = project.dbt("run", variables={"environment": "prod", "prod_targets": ["duckdb"]})
    assert not run.success
    assert "var `prod_targets` must be set in dbt_project.yml, got `--vars`" in run.output


@pytest.mark.parametrize("file", ["dbt_project.yml", "vars.yml", "--vars"])
def test_the_command_refuses_slips_in_every_place(consumer: Callable[..., Project], file: str) -> None:
    project = consumer(MODEL, config={"vars": {"enviroment": "ci"}} if file == "dbt_project.yml" else {})
    if file == "vars.yml":
        project.write({"vars.yml": "vars: {enviroment: ci}\n"})
    options = Options(
        project_dir=project.path,
        profiles_dir=project.path,
        variables="{enviroment: ci}" if file == "--vars" else "{}",
    )
    if file == "vars.yml" and (int(installed.major or 0), int(installed.minor or 0)) < (1, 12):
        open_project(options)  # dbt does not read the file
        return
    said = "`--vars`" if file == "--vars" else "the project"
    with pytest.raises(RefusedError, match=rf"each variable of {said} must be ours .*, got `enviroment`"):
        open_project(options)
