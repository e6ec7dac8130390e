"""Where history lies: a file a run, on this machine and in S3."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pytest
from unit.history.support import DAYS, record

from derived_tables.errors import FailedError, RefusedError
from derived_tables.history.store import (
    LocalPlace,
    Place,
    S3Place,
    file_name,
    keep,
    local_folder,
    newest,
    s3_folder,
)
from derived_tables.project.environment import Environment
from derived_tables.warehouse.objects import Objects
from local_athena import LocalAthena

DEV, PROD = Environment("dev", "_dev_dbt"), Environment("prod", "")
JANE, PULL = Environment("sandbox", "_sandbox_jane_doe"), Environment("ci", "_ci_pr_123")
RUNS = [[record(invocation=f"run-{day}", ended=DAYS[day])] for day in range(3)]


@pytest.fixture(params=["local", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of each kind."""
    if request.param == "local":
        return LocalPlace(tmp_path / "artefacts" / "run_history")
    athena: LocalAthena = request.getfixturevalue("local_athena")
    bucket = tmp_path.name.replace("_", "-").lower()[:40].strip("-")
    athena.create_bucket(bucket)
    make: Any = boto3.client
    client = make("s3", endpoint_url=athena.url, region_name="eu-west-1")
    return S3Place(Objects(client), f"s3://{bucket}/tables/dev/run_history/environment=dev")


def test_what_is_kept_is_read_again(place: Place) -> None:
    records = [
        record(),
        record(node="model.shop.ä'\"\\", assertion="between(age)", status="skipped", failures=2**40, rows=3),
        record(failures=None, rows=None, seconds=None, statements=None, scanned=None, price=None, is_priced=False),
    ]
    assert newest(place, 10) == ([], 0)
    assert keep(place, records) == "20240101T120000.123456Z_11111111-0000-4000-8000-000000000000.parquet"
    assert newest(place, 10) == (records, 1)


def test_twice_is_once(place: Place) -> None:
    assert keep(place, RUNS[0]) is not None
    before = place.read(file_name(RUNS[0][0]))
    assert keep(place, [replace(RUNS[0][0], price=0.0)]) is None
    assert place.read(file_name(RUNS[0][0])) == before
    assert place.names() == [file_name(RUNS[0][0])]


def test_the_newest_runs(place: Place) -> None:
    for run in (RUNS[2], RUNS[0], RUNS[1]):
        keep(place, run)
    assert newest(place, 2) == ([*RUNS[1], *RUNS[2]], 2)


def test_writers_at_the_same_time(place: Place) -> None:
    """Twelve runs, each recorded twice, by eight writers; those of one run end at the same time as another's."""
    runs = [[record(invocation=f"run-{number}", node=f"model.shop.n{number}")] for number in range(12)]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda run: keep(place, run), [*runs, *runs]))
    records, number = newest(place, 100)
    assert number == 12
    assert {each.node for each in records} == {run[0].node for run in runs}
    assert len(records) == 12


def test_other_tools_read_it(tmp_path: Path) -> None:
    place = LocalPlace(tmp_path / "environment=dev")
    for run in RUNS:
        keep(place, run)
    found = duckdb.sql(
        f"select environment, count(*), max(invocation), sum(scanned) from '{tmp_path}/*/*.parquet' group by 1"
    )
    assert found.fetchall() == [("dev", 3, "run-2", 3 * 2**40)]
    assert [file.name for file in (tmp_path / "environment=dev").iterdir() if not file.name.endswith(".parquet")] == []


def test_a_file_that_is_none(place: Place) -> None:
    place.write("20240101T000000Z_x.parquet", b"not Parquet")
    with pytest.raises(FailedError, match="DuckDB: "):
        newest(place, 10)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        (PROD, "prod/run_history/environment=prod"),
        (DEV, "dev/run_history/environment=dev"),
        (JANE, "dev/run_history/environment=sandbox_jane_doe"),
        (PULL, "dev/run_history/environment=ci_pr_123"),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_folders(environment: Environment, folder: str, tmp_path: Path) -> None:
    assert s3_folder({"s3_data_dir": "s3://bucket/tables/"}, environment) == f"s3://bucket/tables/{folder}"
    assert local_folder({"artefacts_dir": "kept"}, tmp_path, environment) == tmp_path / "kept" / folder
    absolute = str(tmp_path / "elsewhere")
    assert local_folder({"artefacts_dir": absolute}, tmp_path, environment) == Path(absolute) / folder


@pytest.mark.parametrize(
    "find",
    [
        lambda: s3_folder({}, DEV),
        lambda: local_folder({}, Path(), DEV),
        lambda: local_folder({"artefacts_dir": 7}, Path(), DEV),
        lambda: local_folder({"artefacts_dir": "s3://bucket/x"}, Path(), DEV),
    ],
    ids=["no s3_data_dir", "no artefacts_dir", "a number", "in S3"],
)
def test_no_folder(find: Callable[[], object]) -> None:
    with pytest.raises(RefusedError, match="must be a folder"):
        find()


def test_without_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(
        RefusedError, match=r"History needs DuckDB.\nInstall it: pip install 'derived-tables\[history\]'"
    ):
        keep(LocalPlace(tmp_path), RUNS[0])
