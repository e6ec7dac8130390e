"""What Glue's calls share: their errors, and batches that go on where one entry fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local_athena.protocol.api import ApiError, Payload
from local_athena.store import AlreadyExistsError, ConflictError, MissingError
from local_athena.stores.glue import GlueCatalogue

_CODES: Mapping[type[Exception], str] = {
    MissingError: "EntityNotFoundException",
    AlreadyExistsError: "AlreadyExistsException",
    ConflictError: "ConcurrentModificationException",
}
#: What the catalogue raises.
FAILURES = tuple(_CODES)


def api_error(error: Exception) -> ApiError:
    """An error of the catalogue as the API sends it."""
    return ApiError(_CODES[type(error)], str(error))


def each(items: Iterable[Any], do: Callable[[Any], None], name: Callable[[Any], Payload]) -> Payload:
    """Does something with each item; the answer lists those for which it failed, by their names."""
    errors = []
    for item in items:
        failure = _failure(do, item)
        if failure:
            errors.append({**name(item), "ErrorDetail": failure})
    return {"Errors": errors} if errors else {}


def need_table(glue: GlueCatalogue, database: str, name: str) -> dict[str, Any]:
    """The table. Raises MissingError, which says whether the database or the table is missing."""
    if glue.database(database) is None:
        raise MissingError(f"Database {database.lower()} not found.")
    table = glue.table(database, name)
    if table is None:
        raise MissingError(f"Table {name.lower()} not found.")
    return table


def _failure(do: Callable[[Any], None], item: Any) -> Payload | None:
    try:
        do(item)
    except FAILURES as error:
        described = api_error(error)
        return {"ErrorCode": described.code, "ErrorMessage": described.message}
    return None
