"""Whether DuckDB orders and equates the values that hold a type as Trino does the type's own."""

from __future__ import annotations

from collections.abc import Callable

from derived_tables.local_athena.errors import not_supported
from derived_tables.local_athena.types.model import IPADDRESS, Array, Map, Row, Time, Timestamp, Type


def require_native_order(type_: Type) -> None:
    """Refuses types that DuckDB would order in another way.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    if _anywhere(type_, lambda part: part == IPADDRESS or (isinstance(part, Time) and part.zoned)):
        raise not_supported(f"The local Athena cannot order values of type {type_}")


def require_native_equality(type_: Type) -> None:
    """Refuses types whose equal values DuckDB would tell apart: the same instant in two zones.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    if _anywhere(type_, lambda part: isinstance(part, Time | Timestamp) and part.zoned):
        raise not_supported(f"The local Athena cannot compare values of type {type_} here")


def _anywhere(type_: Type, test: Callable[[Type], bool]) -> bool:
    match type_:
        case Array(element):
            return _anywhere(element, test)
        case Map(key, value):
            return _anywhere(key, test) or _anywhere(value, test)
        case Row(fields):
            return any(_anywhere(field.type, test) for field in fields)
    return test(type_)
