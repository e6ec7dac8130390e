"""Whether DuckDB orders and equates the values that hold a type as Trino does the type's own."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.functions.sqls import escaped
from local_athena.dialect.operators.comparison import compared
from local_athena.errors import not_supported
from local_athena.types.model import IPADDRESS, Array, Map, Row, Time, Timestamp, Type


def require_native_order(type_: Type) -> None:
    """Refuses types that DuckDB would order in another way.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    if _anywhere(type_, lambda part: part == IPADDRESS or (isinstance(part, Time) and part.zoned)):
        raise not_supported(f"The local Athena cannot order values of type {type_}")


def require_native_equality(type_: Type) -> None:
    """Refuses types whose equal values DuckDB would tell apart: an instant in two zones, entries in another order.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    if _anywhere(type_, lambda part: isinstance(part, Map) or (isinstance(part, Time | Timestamp) and part.zoned)):
        raise not_supported(f"The local Athena cannot compare values of type {type_} here")


def in_order(items: str, type_: Type, result: str) -> str:
    """A template of what is made of a sorted list.

    Trino compares neighbours at the least, and fails where a null would decide.

    Args:
        items: template of the list.
        type_: of its elements.
        result: DuckDB expression of the sorted list, `ordered`.
    """
    ordered = f"list_sort({items}, 'ASC', 'NULLS LAST')"
    if not isinstance(type_, (Array, Row)):
        return result.replace("ordered", ordered)
    both = "p[1] IS NOT NULL AND p[2] IS NOT NULL"
    neighbours = escaped(compared("<=", "p[1]", "p[2]", type_))
    compared_all = (
        f"list_transform(list_zip(ordered[:-2], ordered[2:]), lambda p: CASE WHEN {both} THEN {neighbours} END)"
    )
    return f"list_transform([{ordered}], lambda ordered: CASE WHEN len({compared_all}) >= 0 THEN {result} END)[1]"


def _anywhere(type_: Type, test: Callable[[Type], bool]) -> bool:
    parts: tuple[Type, ...] = ()
    match type_:
        case Array(element):
            parts = (element,)
        case Map(key, value):
            parts = (key, value)
        case Row(fields):
            parts = tuple(field.type for field in fields)
    return test(type_) or any(_anywhere(part, test) for part in parts)
