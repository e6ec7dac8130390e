"""The command `local-athena`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botocore.exceptions import ConnectionClosedError

from local_athena import cli

from .support import Clients

COMMAND = [sys.executable, "-m", "local_athena"]


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], Clients]]:
    """Runs `local-athena serve` on a free port; it has ended when the block ends."""
    command = [*COMMAND, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            word, _, url = process.stdout.readline().strip().partition(" ")
            assert word == "ready"
            yield process, Clients(url)
        finally:
            process.terminate()
            process.wait(20)


def _run(*arguments: str) -> tuple[int, str, str]:
    ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_server_makes_what_it_is_told_runs_sql_and_stops(tmp_path: Path) -> None:
    log = tmp_path / "log"
    made = ("--bucket", "one", "--bucket", "two", "--database", "sales", "--work-group", "analysts")
    with served(*made, "--log", str(log)) as (process, aws):
        assert [bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]] == ["one", "two"]
        assert aws.glue.get_database(Name="sales")
        group = aws.athena.get_work_group(WorkGroup="analysts")["WorkGroup"]
        assert group["Configuration"]["EnforceWorkGroupConfiguration"] is False
        described = aws.run("select 1", "one")
        assert described["Status"]["State"] == "SUCCEEDED"
        assert aws.content(described["ResultConfiguration"]["OutputLocation"]) == '"_col0"\n"1"\n'
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    operations = [json.loads(line)["operation"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert "Execution" in operations


def test_ctrl_c_stops_it_while_a_client_is_connected() -> None:
    with served() as (process, aws):
        aws.glue.get_databases()  # its connection stays open
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_data_folder_survives_a_crash(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    create = (
        "create table kept.t with (table_type = 'ICEBERG', is_external = false, location = 's3://bucket/t/') "
        "as select 1 as id, 'x' as name"
    )
    with served("--data-dir", data, "--bucket", "bucket", "--fault", "crash:glue.GetDatabases") as (process, aws):
        for sql in ("create database kept", create, "insert into kept.t values (2, 'y')"):
            assert aws.run(sql, "bucket")["Status"]["State"] == "SUCCEEDED"
        with pytest.raises(ConnectionClosedError):
            aws.glue.get_databases()
        assert process.wait(20) == cli.CRASHED
    with served("--data-dir", data) as (_, aws):
        assert [entry["Name"] for entry in aws.glue.get_databases()["DatabaseList"]] == ["kept"]
        described = aws.run("select id, name from kept.t order by id", "bucket")
        result = aws.content(described["ResultConfiguration"]["OutputLocation"])
        assert result == '"id","name"\n"1","x"\n"2","y"\n'
        code, _, error = _run("serve", "--port", "0", "--data-dir", data)
        assert (code, error) == (2, f"local-athena: --data-dir {data} is in use by another local-athena\n")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, error = _run("serve", "--port", str(port))
    assert (code, out) == (2, "")
    assert error == f"local-athena: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["server"], "invalid choice: 'server'"),
        (["serve", "--prot", "1"], "unrecognized arguments: --prot 1"),
        (["serve", "--port", "70000"], "'70000' is not a port: 0 to 65535"),
        (["serve", "--port", "x"], "'x' is not a port: 0 to 65535"),
        (["serve", "--log", "/no/such/folder/log"], "/no/such/folder/log: there is no folder /no/such/folder"),
        (["serve", "--data-dir", "/no/such/folder"], "/no/such/folder: there is no folder /no/such"),
        (["serve", "--data-dir", __file__], "is not a folder"),
        (["serve", "--bucket", "My_Bucket"], "'My_Bucket' cannot name a bucket"),
        (["serve", "--fault", "explode:glue.*"], "explode is no action"),
        (["serve", "--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1 port 0"),
        (["env", "--port", "0"], "env needs the port that the server printed"),
    ],
)
def test_bad_arguments_get_one_clear_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("local-athena")
    assert words in last


def test_env_prints_what_a_shell_needs() -> None:
    code, out, _ = _run("env", "--port", "6000")
    assert code == 0
    script = f"{out}\nenv | grep ^AWS_ | sort"
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    before = {**others, "AWS_PROFILE": "mine", "AWS_ENDPOINT_URL_S3": "https://example.com"}
    shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env=before)
    variables = dict(line.split("=", 1) for line in shell.stdout.splitlines())
    assert variables == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:6000",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.mark.parametrize("command", [["--help"], ["serve", "--help"], ["env", "--help"]])
def test_help_teaches(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(command)
    assert ended.value.code == 0
    assert "local-athena" in capsys.readouterr().out
