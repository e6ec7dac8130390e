"""What survives a restart, and `kill -9`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local_athena import LocalAthena
from local_athena.stores.database import InUseError
from local_athena.stores.open import Stores, open_stores

from .support import Clients, TinyEngine
from .test_glue import partition, table_input


def _server(data_dir: Path | None) -> LocalAthena:
    def engine(_stores: Stores) -> TinyEngine:
        return TinyEngine()

    return LocalAthena(data_dir=data_dir, engine=engine)


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    with _server(tmp_path / "data") as first:
        aws = Clients(first)
        aws.s3.create_bucket(Bucket="kept")
        aws.s3.put_object(Bucket="kept", Key="k", Body=b"content", Metadata={"a": "b"}, ContentType="text/csv")
        aws.glue.create_database(DatabaseInput={"Name": "d"})
        aws.glue.create_table(DatabaseName="d", TableInput=table_input("t", keys=("day", "region")))
        aws.glue.update_table(DatabaseName="d", TableInput=table_input("t", keys=("day", "region")))
        aws.glue.create_partition(DatabaseName="d", TableName="t", PartitionInput=partition("2024-01-01", "north"))
        aws.athena.create_work_group(Name="w")
        aws.athena.create_prepared_statement(StatementName="p", WorkGroup="w", QueryStatement="rows 1")
        before = aws.glue.get_table(DatabaseName="d", Name="t")["Table"]
        result = aws.run("rows 1", "kept")["ResultConfiguration"]["OutputLocation"]
    with _server(tmp_path / "data") as second:
        aws = Clients(second)
        got = aws.s3.get_object(Bucket="kept", Key="k")
        assert (got["Body"].read(), got["Metadata"], got["ContentType"]) == (b"content", {"a": "b"}, "text/csv")
        assert aws.glue.get_table(DatabaseName="d", Name="t")["Table"] == before
        assert len(aws.glue.get_table_versions(DatabaseName="d", TableName="t")["TableVersions"]) == 2
        assert len(aws.glue.get_partitions(DatabaseName="d", TableName="t")["Partitions"]) == 1
        assert aws.athena.get_prepared_statement(StatementName="p", WorkGroup="w")
        assert aws.content(result) == '"n","text"\n"0","row ""0"""\n'


def test_without_a_folder_nothing_stays() -> None:
    with _server(None) as first:
        first.create_bucket("gone")
        folder = first.stores.temporary
        assert folder is not None
        assert folder.exists()
    assert not folder.exists()
    with _server(None) as second:
        assert Clients(second).s3.list_buckets()["Buckets"] == []


def test_two_servers_of_one_process_share_nothing() -> None:
    with _server(None) as one, _server(None) as other:
        for server in (one, other):
            Clients(server).s3.create_bucket(Bucket="same-name")
        Clients(one).s3.put_object(Bucket="same-name", Key="k")
        assert Clients(other).s3.list_objects_v2(Bucket="same-name")["KeyCount"] == 0


_WRITER = """
import sys
from pathlib import Path
from local_athena.stores.open import open_stores

stores = open_stores(Path(sys.argv[1]))
stores.objects.create_bucket("bucket")
stores.glue.create_database({"Name": "d"})
for number in range(1_000_000):
    stores.objects.write("bucket", "same", b"%d" % number)
    stores.objects.write("bucket", f"key-{number}", b"%d" % number)
    stores.glue.create_table("d", {"Name": f"t{number}"})
    print(number, flush=True)
"""


def test_kill_9_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path / "data")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        last = -1
        while last < 50:
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        for line in process.stdout:  # what it said before it died
            last = int(line) if line.endswith("\n") else last
    with open_stores(tmp_path / "data") as stores:
        keys = [found.key for found in stores.objects.under("bucket", "key-")]
        tables = [table["Name"] for table in stores.glue.tables("d")]
        assert {f"key-{number}" for number in range(last + 1)} <= set(keys)
        assert {f"t{number}" for number in range(last + 1)} <= set(tables)
        assert int(stores.objects.read("bucket", "same")) in (last, last + 1)
        assert all(stores.objects.read("bucket", key).decode() == key.removeprefix("key-") for key in keys)
        files = {path for path in (tmp_path / "data/objects").rglob("*") if path.is_file()}
        assert files == {found.path for found in stores.objects.under("bucket", "")}, "halves are swept away"


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    with open_stores(tmp_path), pytest.raises(InUseError):
        open_stores(tmp_path)


def test_a_transaction_happens_whole_or_not_at_all() -> None:
    def fail_halfway(stores: Stores) -> None:
        with stores.database.transaction():
            stores.glue.create_table("d", {"Name": "t"})
            raise ZeroDivisionError

    with open_stores() as stores:
        stores.glue.create_database({"Name": "d"})
        with pytest.raises(ZeroDivisionError):
            fail_halfway(stores)
        assert stores.glue.tables("d") == []
