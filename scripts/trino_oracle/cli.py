"""The command line of the oracle."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from corpus.corpus import RECORDED, load_expressions, load_statement_cases

from trino_oracle import record_files
from trino_oracle.client import TrinoClient
from trino_oracle.docker import running_container
from trino_oracle.errors import OracleError
from trino_oracle.literals import with_doubles
from trino_oracle.recorder import files_of, record_with_both, record_with_one
from trino_oracle.server import RunningTrino, running_engine, running_server


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    # A terminated oracle must still stop its Trino: turn the signals into the exception of Ctrl-C.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        status: int = options.command(options)
        return status
    except OracleError as error:
        print(f"trino_oracle: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trino_oracle", description="Asks a real Trino what is right.")
    place = argparse.ArgumentParser(add_help=False)
    chosen = place.add_mutually_exclusive_group()
    chosen.add_argument("--server", metavar="URL", help="ask this running Trino")
    chosen.add_argument("--docker", metavar="IMAGE", help="start this image, e.g. trinodb/trino:470")
    commands = parser.add_subparsers(required=True)

    record = commands.add_parser("record", parents=[place], help="run the corpus and write the record")
    record.add_argument("--check", action="store_true", help="write nothing; fail if the record differs")
    record.add_argument("--warehouse", metavar="URI", help="where the Trino of --server keeps tables")
    record.set_defaults(command=_record)

    query = commands.add_parser("query", parents=[place], help="run statements and print the answers")
    query.add_argument("sql", nargs="+")
    query.add_argument("--catalog", default="memory", help="memory (default), hive or iceberg")
    query.add_argument("--schema", default="default")
    query.add_argument("--engine", action="store_true", help="ask the engine instead of the server")
    query.set_defaults(command=_query)

    serve = commands.add_parser("serve", help="keep a Trino up and print its address")
    serve.add_argument("--engine", action="store_true", help="start the engine instead of the server")
    serve.set_defaults(command=_serve)
    return parser


def _record(options: argparse.Namespace) -> int:
    expressions, cases = load_expressions(), load_statement_cases()
    started = time.monotonic()
    with _elsewhere(options) as given:
        record = record_with_both(expressions, cases) if given is None else record_with_one(given, expressions, cases)
    files = files_of(record, expressions, cases)
    print(f"{len(expressions)} expressions, {len(cases)} cases in {time.monotonic() - started:.0f} s")
    if options.check:
        changed = record_files.differences(RECORDED, files)
        print("\n".join(f"differs: {name}" for name in changed) or "the record is up to date")
        return 1 if changed else 0
    record_files.write_files(RECORDED, files)
    return 0


def _query(options: argparse.Namespace) -> int:
    with _elsewhere(options) as given:
        if given is not None:
            return _print_answers(given, options)
        with _local(options) as local:
            return _print_answers(local, options)


def _print_answers(trino: RunningTrino, options: argparse.Namespace) -> int:
    client = TrinoClient(trino.url, catalog=options.catalog, schema=options.schema)
    failed = False
    for sql in options.sql:
        answer = client.run(with_doubles(sql))
        failed = failed or answer.error is not None
        if answer.error:
            print(f"{answer.error}: {answer.message}")
            continue
        print(" | ".join(f"{column.name} {column.type}" for column in answer.columns))
        for row in answer.rows:
            print(json.dumps(row, ensure_ascii=False))
    client.close()
    return 1 if failed else 0


def _serve(options: argparse.Namespace) -> int:
    with _local(options) as trino:
        print(f"ready {trino.url} (Trino {trino.version})", flush=True)
        signal.pause()
    return 0


def _local(options: argparse.Namespace) -> AbstractContextManager[RunningTrino]:
    return running_engine() if options.engine else running_server()


@contextmanager
def _elsewhere(options: argparse.Namespace) -> Iterator[RunningTrino | None]:
    """The Trino that the options name; None if they name none."""
    if options.docker:
        with running_container(options.docker) as trino:
            yield trino
    elif options.server:
        client = TrinoClient(options.server, catalog="memory", schema="default")
        version = client.server_version()
        client.close()
        yield RunningTrino(options.server, version, warehouse=getattr(options, "warehouse", None))
    else:
        yield None
