"""What all verbs have in common: names for the target at hand, dbt's selection, clean output, readable errors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from functional.commands.running import keys_of, run, run_apart
from typer.main import get_command

from derived_tables.cli.documents import DOCUMENTS, HEAD, WITHOUT_PROJECT
from derived_tables.cli.main import app, main
from derived_tables.harness.dbt_run import environment
from derived_tables.harness.projects import Project, create_project, duckdb_target
from derived_tables.harness.warehouses import snapshot_model
from derived_tables.project.project import Options, open_project

#: Keys of a failure, in the documents of verbs that go on with other tables.
FAILED = ("warnings[]", "failed[].relation", "failed[].error")
DAILY = snapshot_model("select 1 as id, {{ today }} as snapshot_date")
FILES = {
    "models/sales/orders/orders__daily.sql": DAILY,
    "models/sales/orders/orders__late.sql": snapshot_model(
        "select id, {{ today }} as snapshot_date from {{ ref('orders__daily') }}", tags=["nightly"]
    ),
    "models/sales/returns/returns__daily.sql": DAILY,
    "models/sales/orders/orders__table.sql": "{{ config(materialized='table') }}\nselect 1 as id",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A project that no test changes; nothing is built."""
    return made(tmp_path_factory.mktemp("command"), repository)


def made(path: Path, package: Path, **options: Any) -> Project:
    """A project in a folder; `dbt deps` is done."""
    project = create_project(path, package=package, files=FILES, **options)
    project.dbt("deps").passed()
    return project


def unbuilt(project: Project, *args: str, **env: str) -> list[str]:
    """The models that a selection chooses, of those that keep snapshots."""
    ran = run(project, "snapshots", "list", *args, "--format", "json", env=env)
    assert ran.code == 0, ran.err
    return [unique_id.removeprefix("model.consumer.") for unique_id in ran.document["unbuilt"]]


# Names are those of the target at hand


def test_names_are_computed_for_the_target_at_hand(tmp_path: Path, repository: Path) -> None:
    targets = {name: duckdb_target(tmp_path / f"{name}.duckdb") for name in ("prod", "duckdb")}
    project = made(tmp_path / "shop", repository, targets=targets)
    project.dbt("parse").passed()  # for production, as the scheduled run does
    own = [project.path / "target" / name for name in ("manifest.json", "partial_parse.msgpack")]
    before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in own]

    def default(target: str) -> None:
        content = yaml.safe_load((project.path / "profiles.yml").read_text(encoding="utf-8"))
        content["consumer"]["target"] = target
        (project.path / "profiles.yml").write_text(yaml.safe_dump(content), encoding="utf-8")

    def schema(**env: str) -> str:
        with environment(env):
            opened = open_project(Options(project.path, project.path))
            chosen = opened.select(["orders__daily"])
            return opened.require_own(chosen.models[0]).relation.schema

    sandbox, ci = {"DERIVED_TABLES_ENVIRONMENT": "sandbox"}, {"DERIVED_TABLES_ENVIRONMENT": "ci"}
    assert schema() == "orders"
    default("duckdb")
    assert schema() == "orders_dev_dbt"
    # A person may lead dbt to what was parsed for another target.
    assert schema(DBT_PARTIAL_PARSE_FILE_PATH=str(own[1]), DBT_WRITE_JSON="false") == "orders_dev_dbt"
    assert schema(**sandbox, DERIVED_TABLES_USER="jane") == "orders_sandbox_jane"
    assert schema(**sandbox, DERIVED_TABLES_USER="joe") == "orders_sandbox_joe"
    assert schema(**ci, DERIVED_TABLES_CI_ID="1") == "orders_ci_1"
    assert schema(**ci, DERIVED_TABLES_CI_ID="2") == "orders_ci_2"
    assert schema() == "orders_dev_dbt"
    default("prod")
    assert schema() == "orders"
    assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in own] == before
    assert len(list((project.path / "target/derived_tables").iterdir())) == 6


@pytest.mark.long
@pytest.mark.parametrize(
    ("target", "schema", "message"),
    [
        ("prod", "orders_dev_dbt", "one of the environment prod, without the suffix of another environment"),
        ("duckdb", "orders", "one of the environment dev, whose databases end in `_dev_dbt`"),
        ("duckdb", "orders_sandbox_jane", "one of the environment dev, whose databases end in `_dev_dbt`"),
    ],
)
def test_a_database_of_another_environment_is_refused(
    tmp_path: Path, repository: Path, target: str, schema: str, message: str
) -> None:
    project = made(tmp_path / "shop", repository, targets={target: duckdb_target(tmp_path / "x.duckdb")})
    # Macros of the project's own, which place models wherever they like.
    project.write(
        {
            "macros/derived_tables.sql": "{% macro generate_schema_name(name=none, node=none) %}"
            + schema
            + "{% endmacro %}"
        }
    )
    ran = run(project, "snapshots", "list")
    assert ran.code == 2
    assert f"the database of `orders__daily` must be {message}, got `{schema}`." in ran.err


# Selection


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["orders__daily", "orders__late", "returns__daily"]),
        (["--select", "orders__daily", "returns__daily"], ["orders__daily", "returns__daily"]),
        pytest.param(
            ["--select", "orders__daily", "--select", "returns__daily"],
            ["orders__daily", "returns__daily"],
            marks=pytest.mark.long,
        ),
        pytest.param(
            ["--select", "orders__daily returns__daily"], ["orders__daily", "returns__daily"], marks=pytest.mark.long
        ),
        (["-s", "tag:nightly"], ["orders__late"]),
        (["-s", "path:models/sales/returns"], ["returns__daily"]),
        pytest.param(["-s", "orders__daily+"], ["orders__daily", "orders__late"], marks=pytest.mark.long),
        (["-s", "+orders__late,tag:nightly"], ["orders__late"]),
        (["-s", "config.materialized:snapshot_append", "--exclude", "*__daily"], ["orders__late"]),
        (["--exclude", "orders__daily", "orders__late"], ["returns__daily"]),
    ],
)
def test_selection_is_dbts(shop: Project, arguments: list[str], expected: list[str]) -> None:
    assert unbuilt(shop, *arguments) == expected


def test_what_matches_nothing_is_told(shop: Project) -> None:
    ran = run(shop, "snapshots", "list", "--select", "orders__typo")
    assert ran.code == 2
    *told, error, keeping = ran.err.splitlines()
    assert told == ["No model matches `orders__typo`."]
    assert error == "derived-tables snapshots list: `--select` must be models that keep snapshots, got nothing."
    assert keeping == "Models that keep snapshots: orders__daily, orders__late, returns__daily."

    ran = run(shop, "snapshots", "list", "--select", "orders__daily", "orders__typo", "--format", "json")
    assert ran.code == 0
    assert ran.document["unbuilt"] == ["model.consumer.orders__daily"]
    assert ran.err == "No model matches `orders__typo`.\n"


@pytest.mark.parametrize("selection", ["no_such_method:x", "state:modified"])
def test_a_selection_that_makes_no_sense_is_refused(shop: Project, selection: str) -> None:
    ran = run(shop, "snapshots", "list", "--select", selection)
    assert ran.code == 2
    assert ran.err.startswith("derived-tables snapshots list: ")
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) < 8


# Output


def test_json_is_one_document_whatever_dbt_and_macros_print(tmp_path: Path, repository: Path) -> None:
    noisy = "{{ print('NOISE') }}{{ log('NOISE', info=true) }}"
    project = made(
        tmp_path / "shop",
        repository,
        config={
            "on-run-start": [noisy],
            "on-run-end": [noisy],
            "flags": {"send_anonymous_usage_stats": False, "write_json": False, "log_format": "json", "debug": True},
            # dbt warns of both: paths that nothing has, and a key that it does not know.
            "models": {"consumer": {"nowhere": {"+enabled": True}}},
            "seeds": {"+unknown_key": 1},
        },
    )
    project.write(
        {
            "models/sales/orders/orders__daily.sql": noisy + DAILY,
            "macros/noise.sql": "{% macro noise() %}{% do print('NOISE') or exceptions.warn('NOISE') %}{% endmacro %}",
            "models/sales/returns/returns__daily.sql": "{% do noise() %}\n" + DAILY,
        }
    )
    chosen = ("--select", "orders__daily", "returns__daily", "--start", "2024-01-01", "--format", "json")
    ran = run_apart(project, "snapshots", "backfill", *chosen, "--apply")
    assert (ran.code, ran.err) == (0, "")
    assert [each["status"] for each in ran.document["dates"]] == ["done"]
    # What dbt and macros say is in dbt's log.
    assert "NOISE" in (project.path / "logs/dbt.log").read_text(encoding="utf-8")


def test_a_project_below_the_working_directory(
    shop: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shop.path / "models/sales")
    assert main(["snapshots", "list", "-s", "orders__daily", "-q"]) == 0
    assert Path.cwd() == shop.path / "models/sales"
    assert capsys.readouterr().out == "orders__daily has no table yet.\n"
    monkeypatch.chdir(shop.path.parent)
    where = ["--project-dir", shop.path.name, "--profiles-dir", shop.path.name]
    assert main(["snapshots", "list", "-s", "orders__daily", *where]) == 0


def test_a_relative_path_of_a_database_starts_where_dbt_has_it_start(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = made(tmp_path / "shop", repository, targets={"duckdb": duckdb_target(Path("orders.duckdb"))})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    project.dbt("run", "--select", "orders__daily", variables={"snapshot_date": "2024-01-01"}).passed()
    chosen = ("--select", "orders__daily", "--dates", "2024-01-01,2024-01-02")
    assert run(project, "snapshots", "backfill", *chosen, "--apply").lines == [
        "2024-01-01  already exists  (1 of 2)",
        "2024-01-02  done in N s  (2 of 2)",
    ]
    assert "2 snapshots, 2 rows" in run(project, "snapshots", "list", "--select", "orders__daily").lines
    monkeypatch.chdir(project.path)
    assert run(project, "snapshots", "list", "--select", "orders__daily").lines == ["orders__daily has no table yet."]


@pytest.mark.long
def test_a_reader_that_has_seen_enough(shop: Project) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as broken:
        ran = run_apart(shop, "snapshots", "list", stdout=broken)
    assert (ran.code, ran.err) == (0, "")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A project whose daily orders have three snapshots."""
    project = made(tmp_path_factory.mktemp("built"), repository)
    for day in ("2024-01-01", "2024-01-02", "2024-01-03"):
        project.dbt("run", "--select", "orders__daily", variables={"snapshot_date": day}).passed()
    return project


@pytest.mark.xdist_group("command_built")
@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["snapshots", "list"], []),
        (
            ["snapshots", "drop", "--dates", "2024-01-01,2023-01-01", "-s", "orders__daily"],
            ["tables[].dropped[]", "tables[].staying[]", *FAILED],
        ),
        (
            ["snapshots", "compact", "-s", "orders__daily", "--dates", "2023-01-01"],
            [
                "tables[].skipped[]",
                "tables[].missing[]",
                *FAILED,
                *(f"tables[].partitions[].{key}" for key in ("name", "bytes", "files", "files_after")),
            ],
        ),
        (["snapshots", "backfill", "-s", "orders__daily", "--start", "2024-01-04"], ["dates[].error"]),
        (["conventions", "check"], [key for key in DOCUMENTS["conventions check"] if key.startswith("violations")]),
        (["conventions", "list"], []),
        (["conventions", "explain", "names"], []),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_keys_of_documents_are_those_that_the_reference_lists(
    built: Project, arguments: list[str], absent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verb = " ".join(arguments[:2])
    if verb in WITHOUT_PROJECT:
        monkeypatch.chdir(built.path)
        with redirect_stdout(StringIO()) as out:
            assert main([*arguments, "--format", "json"]) == 0
        document = json.loads(out.getvalue())
    else:
        document = run(built, *arguments, "--format", "json").document
    listed = {*DOCUMENTS[verb], *(() if verb in WITHOUT_PROJECT else HEAD)}
    assert listed - set(absent) <= keys_of(document) <= listed


@pytest.mark.xdist_group("command_built")
@pytest.mark.parametrize("verb", ["optimize", "vacuum"])
def test_other_tables_than_icebergs_are_left_alone(built: Project, verb: str) -> None:
    ran = run(built, "snapshots", verb, "--select", "orders__daily", "--apply")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines == ["orders_dev_dbt.daily is left alone: it is not an Iceberg table."]


def test_every_verb_is_in_the_reference() -> None:
    groups = get_command(app).commands  # type: ignore[attr-defined]  # Typer does not say that it is a group
    verbs = {name: list(getattr(command, "commands", {})) for name, command in groups.items()}
    assert set(DOCUMENTS) == {f"{name} {verb}".strip() for name, below in verbs.items() for verb in below or [""]}


# Errors


def _broken(files: Mapping[str, str]) -> Callable[[Project], None]:
    return lambda project: project.write(files)


def _without_packages(project: Project) -> None:
    for path in (project.path / "dbt_packages").iterdir():
        path.unlink()
    (project.path / "dbt_packages").rmdir()


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        pytest.param(_broken({"models/sales/orders/x.sql": "select {{ 1"}), "Compilation Error", id="Jinja"),
        pytest.param(
            _broken({"models/sales/orders/orders__bad.sql": "select * from {{ ref('orders__gone') }}"}),
            "depends on a node named 'orders__gone' which was not found",
            id="ref",
            marks=pytest.mark.long,
        ),
        pytest.param(
            _broken({"models/sales/orders/Orders.sql": "select 1"}),
            "must be `models/sales/orders/orders__orders.sql`",
            id="name",
            marks=pytest.mark.long,
        ),
        pytest.param(_without_packages, 'Run "dbt deps"', id="packages", marks=pytest.mark.long),
    ],
)
def test_a_project_that_dbt_cannot_parse(
    tmp_path: Path, repository: Path, harm: Callable[[Project], None], message: str
) -> None:
    project = made(tmp_path / "shop", repository)
    harm(project)
    ran = run(project, "snapshots", "list", "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("derived-tables snapshots list: ")
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) < 10


def test_a_bad_environment_is_refused_before_dbt_parses(shop: Project) -> None:
    ran = run(shop, "snapshots", "list", env={"DERIVED_TABLES_ENVIRONMENT": "staging"})
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(
        "derived-tables snapshots list: environment variable `DERIVED_TABLES_ENVIRONMENT` must be one of `prod`, "
        "`dev`, `sandbox`, `ci`, got `staging`.\n"
    )
    ran = run(shop, "snapshots", "list", "--vars", "environment: prod")
    assert ran.code == 2
    assert "a target that writes to production must be `prod`, got `duckdb`." in ran.err


def test_documents_hold_where_the_command_worked(shop: Project) -> None:
    ran = run(shop, "snapshots", "list", "-s", "orders__daily", "--format", "json", "--vars", "environment: dev")
    assert json.loads(ran.out) == {
        "project": "consumer",
        "target": "duckdb",
        "environment": "dev",
        "tables": [],
        "unbuilt": ["model.consumer.orders__daily"],
    }
