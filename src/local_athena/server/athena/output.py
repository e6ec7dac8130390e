"""Writes what a statement leaves in the folder for results, under the names that Athena gives.

Source: Amazon Athena User Guide, "Find query output files in Amazon S3".
"""

from __future__ import annotations

import json
from pathlib import Path

from local_athena.outcome import Outcome
from local_athena.results import Result
from local_athena.server.athena.execution import Execution
from local_athena.stores.objects import FileObjects

_CTAS = "CREATE_TABLE_AS_SELECT"


def write_output(execution: Execution, outcome: Outcome, objects: FileObjects) -> Result:
    """Consumes the rows of a statement, writes its files and tells the execution where they are."""
    location, query_id = execution.request.output_location, execution.id
    text, spill = objects.scratch / f"{query_id}.text", objects.scratch / f"{query_id}.rows"
    try:
        result = Result(outcome, text, spill)
    except BaseException:
        for file in (text, spill):
            file.unlink(missing_ok=True)
        raise
    # Athena's own metadata file is binary and not documented; this one is JSON.
    metadata = json.dumps(result.metadata()).encode()
    if outcome.manifest is None:
        execution.output = f"{location}{query_id}.{'csv' if outcome.csv else 'txt'}"
        _take(objects, execution.output, text)
        _write(objects, f"{execution.output}.metadata", metadata)
    else:
        text.unlink()
        folder = f"{location}tables/" if outcome.substatement_type == _CTAS else location
        execution.output = f"{folder}{query_id}"
        execution.manifest = f"{folder}{query_id}-manifest.csv"
        _write(objects, execution.manifest, "".join(f"{file}\n" for file in outcome.manifest).encode())
        _write(objects, f"{folder}{query_id}.metadata", metadata)
    return result


def _take(objects: FileObjects, address: str, file: Path) -> None:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    objects.take(bucket, key, file)


def _write(objects: FileObjects, address: str, content: bytes) -> None:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    objects.write(bucket, key, content)
