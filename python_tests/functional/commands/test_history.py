"""`derived-tables history`: on the local Athena and on DuckDB."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from derived_tables.cli.documents import DOCUMENTS, HEAD
from derived_tables.harness.warehouses import Warehouse
from derived_tables.project.log import ASSERTION

from .running import Ran, keys_of, run

#: What must never be found in history.
PRIVATE = "QQ123456C"
#: `var('bad')` makes a test fail.
FILES = {
    "models/sales/orders/orders__people.sql": (
        "select 1 as id, 'x' as number union all select {{ var('bad', false) and 1 or 2 }}, '" + PRIVATE + "'"
    ),
    "models/sales/orders/orders__copy.sql": (
        "{{ config(materialized='table') }} select * from {{ ref('orders__people') }}"
    ),
    "models/sales/orders/orders__after.sql": "select id from {{ ref('orders__copy') }}",
    "models/sales/orders/orders.yml": """\
        models:
          - name: orders__copy
            columns:
              - name: id
                data_tests: [unique]
              - name: number
                data_tests:
                  - accepted_values: {arguments: {values: [x]}, config: {severity: warn, store_failures: true}}
        """,
    # As a hook of the package will tell of assertions.
    "macros/tell.sql": """\
        {% macro tell(results) %}
            {%- for each in results if each.node.name.startswith('unique_') -%}
                {%- set told = {'node': each.node.unique_id, 'name': 'unique(id)', 'status': each.status ~ '',
                                'failures': each.failures, 'example': '@PRIVATE@'} -%}
                {%- do log('@ASSERTION@' ~ tojson(told), info=true) -%}
            {%- endfor -%}
        {% endmacro %}
        """.replace("@ASSERTION@", ASSERTION).replace("@PRIVATE@", PRIVATE),
}
HOOK = {"on-run-end": "{{ tell(results) }}"}
UNIQUE = "unique_orders__copy_id"


@pytest.fixture(params=["duckdb", "hive"])
def shop(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse], hive: object) -> Warehouse:
    """A project that nobody has built; all of these tests go to one worker."""
    del hive
    own = {"vars": {"artefacts_dir": "kept"}} if request.param == "duckdb" else {}
    return make_warehouse(request.param, FILES, config={**HOOK, **own})


def build(shop: Warehouse, *, bad: bool = False) -> str:
    """Builds the project, records it, and returns when the run ended."""
    shop.project.dbt("build", variables={"bad": bad}, env={"DBT_LOG_LEVEL_FILE": "debug"})
    ran = run(shop.project, "history", "record", "--vars", json.dumps({"bad": bad}))
    assert (ran.code, ran.err) == (0, "")
    results = json.loads((shop.project.path / "target" / "run_results.json").read_text(encoding="utf-8"))
    return str(results["metadata"]["generated_at"])


def shown(shop: Warehouse, *args: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What `show` tells of nodes, by their names, and of assertions."""
    document = run(shop.project, "history", "show", "--format", "json", *args).document
    return {(each["node"].split(".")[2], each["assertion"]): each for each in document["nodes"]}


def files_of(shop: Warehouse, folder: Path) -> list[Path]:
    """The files of history, copied into a folder."""
    if shop.kind == "duckdb":
        return sorted((shop.project.path / "kept/dev/run_history/environment=dev").iterdir())
    keys = [key for key in shop.objects() if "/run_history/" in key]
    assert all(key.startswith("tables/dev/run_history/environment=dev/") for key in keys)
    for number, key in enumerate(keys):
        content = shop.client("s3").get_object(Bucket=shop.bucket, Key=key)["Body"].read()
        (folder / f"{number}.parquet").write_bytes(content)
    return sorted(folder.iterdir())


def test_results_of_several_runs(shop: Warehouse, tmp_path: Path) -> None:
    build(shop)
    second = build(shop, bad=True)
    third = build(shop, bad=True)
    found = shown(shop)
    test, assertion = found[UNIQUE, ""], found[UNIQUE, "unique(id)"]
    for each in (test, assertion):
        assert datetime.fromisoformat(each["failing_since"]) == datetime.fromisoformat(second.replace("Z", "+00:00"))
        assert (each["status"], each["failures"], each["flips"], each["runs"]) == ("fail", 1, 1, 3)
    assert found["orders__copy", ""]["failing_since"] is None
    assert found["orders__after", ""]["status"] == "skipped"
    assert (found["orders__after", ""]["runs"], found["orders__after", ""]["failing_since"]) == (1, None)
    assert datetime.fromisoformat(test["ended"]) == datetime.fromisoformat(third.replace("Z", "+00:00"))

    if shop.kind == "hive":
        bill = run(shop.project, "costs", "--format", "json", "--vars", '{"bad": true}').document
        prices = {each["name"].split(".")[2]: each["price"] for each in bill["lines"] if each["name"]}
        assert {name: found[name, ""]["price"] for name in prices if (name, "") in found} == prices
        assert bill["total"]["price"] > 0
        # The same tables are read in each run.
        assert test["price_of_runs"] == pytest.approx(3 * test["price"])
    else:
        assert test["price"] is None

    files = files_of(shop, tmp_path)
    assert len(files) == 3
    assert not [file for file in files if PRIVATE.encode() in file.read_bytes()]
    rows = duckdb.sql(f"select * from read_parquet({[str(file) for file in files]})").fetchall()
    assert PRIVATE not in repr(rows)

    failing = run(shop.project, "history", "show", "--failing")
    assert failing.code == 0
    lines = failing.out.splitlines()
    assert lines[1].split()[:4] == ["node", "result", "failing", "since"]
    assert len([line for line in lines if line.startswith("test.consumer.")]) == 3  # one of them an assertion
    assert lines[-1].startswith("3 runs, ")
    assert lines[-1].endswith(", 3 failing")
    assert shown(shop, "--runs", "1")[UNIQUE, ""]["runs"] == 1


def test_recording_twice_changes_nothing(shop: Warehouse, tmp_path: Path) -> None:
    build(shop)
    again = run(shop.project, "history", "record", "--format", "json")
    assert (again.code, again.document["file"]) == (0, None)
    assert "is recorded already in " in run(shop.project, "history", "record").out
    assert len(files_of(shop, tmp_path)) == 1
    assert keys_of(again.document) == {*HEAD, *DOCUMENTS["history record"]} - {"warnings[]"}
    document = run(shop.project, "history", "show", "--format", "json").document
    assert keys_of(document) == {*HEAD, *DOCUMENTS["history show"]}


def test_before_any_run(shop: Warehouse) -> None:
    ran = run(shop.project, "history", "show")
    assert (ran.code, ran.err, ran.lines) == (0, "", ["0 runs, 0 nodes and assertions, 0 failing"])
    refused = run(shop.project, "history", "record")
    assert refused.code == 2
    assert "must be one with the run_results.json of a run" in refused.err


def test_a_run_of_which_not_all_is_known(make_warehouse: Callable[..., Warehouse], hive: object) -> None:
    del hive
    shop = make_warehouse("hive", FILES)
    shop.project.dbt("run", env={"DBT_LOG_LEVEL_FILE": "info"})
    ran: Ran = run(shop.project, "history", "record", "--format", "json")
    assert ran.code == 0
    assert "The log has no messages of the level debug" in ran.err
    assert (ran.document["priced"], len(ran.document["warnings"])) == (False, 1)


def test_duckdb_needs_a_folder(make_warehouse: Callable[..., Warehouse]) -> None:
    shop = make_warehouse("duckdb", FILES)
    shop.project.dbt("build")
    ran = run(shop.project, "history", "record")
    assert ran.code == 2
    assert ran.err == (
        "derived-tables history record: var `artefacts_dir` must be a folder of this machine's, got nothing.\n"
        "Write e.g. `artefacts_dir: artefacts` below `vars` of dbt_project.yml.\n"
    )


def test_another_environment_is_refused(make_warehouse: Callable[..., Warehouse]) -> None:
    shop = make_warehouse("duckdb", FILES, config={"vars": {"artefacts_dir": "kept"}})
    sandbox = {"DERIVED_TABLES_USER": "jane_doe"}
    shop.project.dbt("build", variables={"environment": "sandbox"}, env=sandbox)
    ran = run(shop.project, "history", "record")
    assert ran.code == 2
    assert "`--vars` must be `environment: sandbox`, as in the last run, got `environment: dev`." in ran.err
    assert run(shop.project, "history", "record", "--vars", "environment: sandbox", env=sandbox).code == 0
    assert (shop.project.path / "kept/dev/run_history/environment=sandbox_jane_doe").is_dir()
    assert run(shop.project, "history", "show").lines == ["0 runs, 0 nodes and assertions, 0 failing"]
