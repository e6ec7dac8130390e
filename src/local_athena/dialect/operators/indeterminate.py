"""Arrays, maps and rows that hold a null somewhere: Trino neither orders them nor takes them as keys."""

from __future__ import annotations

from local_athena.dialect.operators.keys import key_sql
from local_athena.dialect.operators.nested import ARRAY_NULL
from local_athena.dialect.representation import field_names, quoted
from local_athena.dialect.snippets import depth, once
from local_athena.types.model import Array, Map, Row, Type


def indeterminate(value: str, type_: Type) -> str | None:
    """The condition that a null is inside of a value, which is a cheap expression; None if there never is one."""
    match type_:
        case Array(element):
            return f"({_null_in(value)}{_of_some(value, element)})"
        case Map(_, inner):
            values = f"map_values({value})"
            return f"({_null_in(values)}{_of_some(values, inner)})"
        case Row(fields):
            members = [f"{value}.{quoted(name)}" for name in field_names(type_)]
            terms = [f"{member} IS NULL" for member in members]
            deeper = (indeterminate(member, field.type) for member, field in zip(members, fields, strict=True))
            return f"({' OR '.join((*terms, *filter(None, deeper)))})"
    return None


def order_sql(sql: str, type_: Type) -> str:
    """As `key_sql`, of what is sorted by; arrays as `checked_order` has them."""
    return key_sql(checked_order(sql, type_), type_)


def checked_order(sql: str, type_: Type) -> str:
    """A value that is going to be ordered.

    Trino fails when it compares the nulls of two arrays; here every array with a null fails. Of rows, which are often
    told apart before their nulls, a null counts as the greatest.
    """
    if not isinstance(type_, Array):
        return sql
    return once(sql, lambda value: f"(CASE WHEN {_null_in_array(value, type_)} THEN {ARRAY_NULL} ELSE {value} END)")


def _null_in_array(value: str, type_: Array) -> str:
    if not isinstance(type_.element, Array):
        return _null_in(value)
    name = f"n{depth(type_)}"
    return f"({_null_in(value)} OR {_some(value, name, _null_in_array(name, type_.element))})"


def _null_in(values: str) -> str:
    return f"list_count({values}) < len({values})"


def _of_some(values: str, element: Type) -> str:
    name = f"n{depth(element)}"
    inner = indeterminate(name, element)
    return "" if inner is None else f" OR {_some(values, name, inner)}"


def _some(values: str, name: str, condition: str) -> str:
    return f"list_contains(list_transform({values}, lambda {name}: {condition}), TRUE)"
