"""The command `local-athena`."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

HOST, PORT = "127.0.0.1", 5005

_ABOUT = """\
A local Athena: the AWS APIs of Athena, Glue, S3, STS and Lake Formation on this machine, where SQL really runs.

Start it, point a shell at it, and every AWS client of that shell (dbt-athena, boto3, the AWS command line) uses it:

    local-athena serve --bucket my-bucket --database sales     prints: ready http://127.0.0.1:5005
    eval "$(local-athena env)"                                 in another shell
    dbt build --target athena                                  with s3_staging_dir: s3://my-bucket/results/

It needs no AWS account and sends nothing anywhere. What Athena refuses, it refuses with Athena's own words; what it
does not emulate, it refuses with NOT_SUPPORTED.
"""
_FAULTS = """\
faults, for testing what happens when AWS does not do as told:

    --fault "after:cut:glue.CreateTable#2"            the second CreateTable happens, but its answer is lost
    --fault "throttle:athena.StartQueryExecution#1-3" the first three are answered with ThrottlingException
    --fault "fail(AccessDeniedException):s3.Put*"     all puts are refused
    --fault "delay(250ms):glue.*@sales.*"             calls that name a table of the database sales are slow
    --fault "crash:athena.StartQueryExecution#5"      the server dies at the fifth statement
    --fault "after:fail:engine.Run#1"                 a statement does its work and then ends as FAILED

The whole grammar stands in the module local_athena.faults. Another process sets and lists faults at
/_local_athena/faults, and reads the log at /_local_athena/calls.
"""
_ENDS = (signal.SIGTERM, signal.SIGINT)
_TURN_SECONDS = 0.0005
#: How many seconds it waits for what it has cancelled when it is stopped.
PATIENCE = 0.5
#: Exit code of a server that died by a fault, so that it cannot be mistaken for another end.
CRASHED = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("local-athena", description=_ABOUT, formatter_class=style, allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    serve = commands.add_parser(
        "serve",
        help="run the server until it is stopped",
        description="Runs the server until SIGTERM or Ctrl-C; prints `ready <address>` when it answers.",
        epilog=_FAULTS,
        formatter_class=style,
        allow_abbrev=False,
    )
    _add_address(serve)
    serve.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="keep everything in this folder; it survives a restart and kill -9"
    )
    serve.add_argument("--log", type=Path, metavar="FILE", help="append a line of JSON for each call and statement")
    serve.add_argument(
        "--bucket", action="append", type=_bucket, default=[], metavar="NAME", help="make this bucket; repeatable"
    )
    serve.add_argument("--database", action="append", default=[], metavar="NAME", help="make this database; repeatable")
    serve.add_argument(
        "--work-group",
        action="append",
        type=_work_group,
        default=[],
        metavar="NAME",
        help="make this work group; repeatable",
    )
    serve.add_argument("--fault", action="append", default=[], metavar="RULE", help="go wrong on purpose; see below")
    serve.set_defaults(run=_serve)

    env = commands.add_parser(
        "env",
        help="print what a shell needs to use the server",
        description='Prints export lines for a shell: eval "$(local-athena env)". The keys are dummies.',
        allow_abbrev=False,
    )
    _add_address(env)
    env.set_defaults(run=_env)
    return parser


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default {HOST})")
    parser.add_argument("--port", type=_port, default=PORT, help=f"0 takes a free one (default {PORT})")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to 65535")
    return int(text)


def _bucket(text: str) -> str:
    from local_athena.stores.objects import is_bucket_name  # noqa: PLC0415

    if not is_bucket_name(text):
        raise argparse.ArgumentTypeError(f"{text!r} cannot name a bucket")
    return text


def _work_group(text: str) -> str:
    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,128}", text):
        raise argparse.ArgumentTypeError(f"{text!r} cannot name a work group")
    return text


@contextmanager
def _held_back() -> Iterator[None]:
    """Holds the signals of the end back, from this thread and all that it starts, until they are waited for.

    With a handler instead, another thread may get the signal, and Python waits for this one to wake up by itself.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        yield
    finally:
        while signal.sigtimedwait(_ENDS, 0) is not None:
            pass  # asked twice
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(options: argparse.Namespace) -> int:
    with _held_back():
        return _served(options)


def _served(options: argparse.Namespace) -> int:
    try:
        from local_athena import LocalAthena  # noqa: PLC0415
    except ImportError as error:
        _refuse(str(error))
    from local_athena.faults import FaultSyntaxError  # noqa: PLC0415, --help should be quick
    from local_athena.stores.database import InUseError  # noqa: PLC0415

    for path in filter(None, (options.data_dir, options.log)):
        if not path.absolute().parent.is_dir():
            _refuse(f"{path}: there is no folder {path.absolute().parent}")
    if options.data_dir and options.data_dir.exists() and not options.data_dir.is_dir():
        _refuse(f"--data-dir {options.data_dir} is not a folder")
    try:
        athena = LocalAthena(
            options.host,
            options.port,
            data_dir=options.data_dir,
            log=options.log,
            faults=options.fault,
            crash=lambda: os._exit(CRASHED),
        )
        athena.start()
    except FaultSyntaxError as error:
        _refuse(str(error))
    except InUseError:
        _refuse(f"--data-dir {options.data_dir} is in use by another local-athena")
    except OSError as error:
        if error.filename:
            _refuse(f"{error.filename}: {error.strerror}")
        _refuse(f"cannot listen on {options.host} port {options.port}: {error.strerror or error}")
    with athena:
        for bucket in options.bucket:
            athena.create_bucket(bucket)
        for database in options.database:
            athena.create_database(database)
        for group in options.work_group:
            athena.create_work_group(group)
        print(f"ready {athena.url}", flush=True)  # noqa: T201
        signal.sigwait(_ENDS)
        # Statements may keep Python busy: this thread is to have its turn soon.
        sys.setswitchinterval(_TURN_SECONDS)
        if not athena.stop(PATIENCE):
            # A thread is still in DuckDB, and Python would wait for it, or break it off, as it ends. Nothing is lost.
            os._exit(0)
    return 0


def _env(options: argparse.Namespace) -> int:
    from local_athena.environment import MISLEADING, address, environment_for  # noqa: PLC0415

    if options.port == 0:
        _refuse("env needs the port that the server printed: local-athena env --port …")
    variables = environment_for(address(options.host, options.port))
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    print("\n".join([f"unset {' '.join(MISLEADING)}", *lines]))  # noqa: T201
    return 0


def _refuse(message: str) -> NoReturn:
    print(f"local-athena: {message}", file=sys.stderr)  # noqa: T201
    raise SystemExit(2)
