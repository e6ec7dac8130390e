"""What AWS does not allow: one clear line, and the next command goes on where this one stopped."""

from __future__ import annotations

import re

import pytest

from derived_tables.errors import FailedError

from .store import FEBRUARY, JANUARY, Store

_LINE = r"(\w+) {operation} is denied: allow `{permission}` to the role that runs this \(AccessDenied\w*: .+\)"
_PERMISSIONS = {"ListObjectsV2": "s3:ListBucket", "DeleteObjects": "s3:DeleteObject"}
DROP = (
    ("glue.GetTable", 1),
    ("glue.GetPartitions", 1),
    ("glue.GetDatabases", 1),
    ("glue.CreateTable", 1),
    ("glue.CreateTable", 2),
    ("glue.BatchDeletePartition", 1),
    ("glue.DeleteTable", 1),
    ("glue.DeleteTable", 2),
    ("s3.ListObjectsV2", 1),
    ("s3.DeleteObjects", 1),
)
COMPACT = (("athena.StartQueryExecution", 2), ("glue.UpdatePartition", 1), ("glue.CreateTable", 2))


def _denied(operation: str) -> str:
    name = operation.split(".")[1]
    permission = _PERMISSIONS.get(name, f"{operation.split('.', maxsplit=1)[0]}:{name}")
    return _LINE.format(operation=name, permission=permission)


@pytest.mark.parametrize(("operation", "count"), DROP)
def test_a_drop_that_is_denied_something_says_what_and_is_finished_by_the_next(
    hive: Store, operation: str, count: int
) -> None:
    hive.fill("denied", [(JANUARY, 1), (FEBRUARY, 2)])
    code = "fail(AccessDenied,403)" if operation.startswith("s3") else "fail(AccessDeniedException,400)"
    with hive.athena.faults.during(f"{code}:{operation}#{count}") as [fault], pytest.raises(FailedError) as error:
        hive.drop("denied", keep_last=1)
    assert fault.struck == 1
    assert re.fullmatch(_denied(operation), str(error.value))
    assert hive.days("denied") in ([(JANUARY, "1"), (FEBRUARY, "1")], [(FEBRUARY, "1")])
    hive.drop("denied", keep_last=1)
    assert hive.days("denied") == [(FEBRUARY, "1")]
    assert len(hive.below("denied")) == 1
    assert hive.notes("denied") == []
    hive.write(f"drop table {hive.warehouse.database}.denied")
    hive.empty("tables/denied/")


@pytest.mark.parametrize(("operation", "count"), COMPACT)
def test_a_compaction_that_is_denied_something_says_what_and_is_finished_by_the_next(
    hive: Store, operation: str, count: int
) -> None:
    hive.fill("denied_pack", [(JANUARY, 1), (JANUARY, 2)])
    rows = hive.warehouse.rows("denied_pack")
    with hive.athena.faults.during(f"fail(AccessDeniedException,400):{operation}#{count}") as [fault]:
        with pytest.raises(FailedError) as error:
            hive.compact("denied_pack")
        assert fault.struck == 1
    assert re.fullmatch(_denied(operation), str(error.value))
    assert hive.warehouse.rows("denied_pack") == rows
    hive.compact("denied_pack")
    assert hive.warehouse.rows("denied_pack") == rows
    assert len(hive.below("denied_pack")) == 1
    assert hive.notes("denied_pack") == []
    hive.write(f"drop table {hive.warehouse.database}.denied_pack")
    hive.empty("tables/denied_pack/")


def test_the_command_ends_with_1_and_one_line(hive: Store) -> None:
    hive.fill("denied_list", [(JANUARY, 1)])
    with hive.athena.faults.during("fail(AccessDeniedException,400):glue.GetPartitions"):
        answer = hive.command("list", "--select", "orders__denied_list")
    assert answer.code == 1
    assert answer.out == ""
    [line] = answer.err.splitlines()
    assert re.fullmatch(rf"derived-tables snapshots list: {_denied('glue.GetPartitions')}", line)
