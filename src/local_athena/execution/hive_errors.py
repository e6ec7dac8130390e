"""Errors of DDL, in the words of Hive that Athena passes on."""

from __future__ import annotations

from local_athena.catalogue.model import TableName
from local_athena.errors import AthenaError


def semantic(message: str, code: int | None = None) -> AthenaError:
    """A statement that does not fit what there is."""
    number = "" if code is None else f" [Error {code}]"
    return AthenaError("FAILED", f"SemanticException{number}: {message}")


def failed(message: str) -> AthenaError:
    """A statement that could not be carried out."""
    task = "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask"
    return AthenaError("FAILED", f"{task}. {message}")


def table_not_found(name: TableName) -> AthenaError:
    """There is no such table."""
    return semantic(f"Table not found {name.database}.{name.table}", 10001)


def database_not_found(name: str) -> AthenaError:
    """There is no such database."""
    return semantic(f"Database does not exist: {name}", 10072)
