"""What the command reads in run_results.json and sources.json."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from derived_tables.errors import RefusedError
from derived_tables.project.artefacts import Result, Run, read_run

ENDED = datetime(2024, 1, 31, 12, 0, 30, tzinfo=timezone.utc)


def write(folder: Path, name: str = "run_results.json", **changes: Any) -> None:
    content = {
        "metadata": {"invocation_id": "one", "generated_at": "2024-01-31T12:00:30.000000Z"},
        "args": {"which": "build", "target": "prod", "vars": {"a": 1}},
        "elapsed_time": 10.0,
        "results": [],
        **changes,
    }
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def found(unique_id: str, **changes: Any) -> dict[str, Any]:
    return {"unique_id": unique_id, "status": "success", "execution_time": 1.5, "adapter_response": {}, **changes}


def test_run(tmp_path: Path) -> None:
    response = {"rows_affected": 3, "code": "OK"}
    write(
        tmp_path,
        results=[
            found("model.shop.a", adapter_response=response, failures=None),
            found("model.shop.b", adapter_response={"rows_affected": -1}),
            found("test.shop.c", status="fail", failures=2, adapter_response={"rows_affected": 1}),
        ],
    )
    assert read_run(tmp_path) == Run(
        "one",
        "build",
        "prod",
        {"a": 1},
        datetime(2024, 1, 31, 12, 0, 20, tzinfo=timezone.utc),
        ENDED,
        10.0,
        (
            Result("model.shop.a", "success", 1.5, 3, None, response),
            Result("model.shop.b", "success", 1.5, None, None, {"rows_affected": -1}),
            Result("test.shop.c", "fail", 1.5, None, 2, {"rows_affected": 1}),
        ),
    )
    assert [result.kind for result in read_run(tmp_path).results] == ["model", "model", "test"]


def test_when_it_began(tmp_path: Path) -> None:
    told = {"invocation_id": "one", "generated_at": "2024-01-31T12:00:30Z"}
    write(tmp_path, metadata={**told, "invocation_started_at": "2024-01-31T12:00:01Z"})
    assert read_run(tmp_path).started == datetime(2024, 1, 31, 12, 0, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(("later", "invocation"), [("2024-01-31T12:00:31Z", "two"), ("2024-01-31T12:00:29Z", "one")])
def test_the_newest_artefact_counts(tmp_path: Path, later: str, invocation: str) -> None:
    write(tmp_path)
    write(tmp_path, "sources.json", metadata={"invocation_id": "two", "generated_at": later}, args={})
    assert read_run(tmp_path).invocation == invocation


def test_freshness_names_its_command(tmp_path: Path) -> None:
    write(tmp_path, "sources.json", args={})
    assert read_run(tmp_path).command == "source freshness"


def test_no_run(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="must be one with the run_results.json of a run, got `.*`.\nRun dbt first"):
        read_run(tmp_path)


def test_half_a_file(tmp_path: Path) -> None:
    (tmp_path / "run_results.json").write_text('{"metadata": {', encoding="utf-8")
    with pytest.raises(RefusedError, match="is not whole: dbt may be writing it.\nRepeat"):
        read_run(tmp_path)
