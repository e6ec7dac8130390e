"""UNNEST: arrays and maps as rows, side by side."""

from __future__ import annotations

from derived_tables.local_athena.dialect import operators
from derived_tables.local_athena.dialect.analysis.calls import CallAnalyser
from derived_tables.local_athena.dialect.analysis.scope import Field
from derived_tables.local_athena.dialect.analysis.statement import Source
from derived_tables.local_athena.dialect.syntax import tree
from derived_tables.local_athena.dialect.typed import Typed
from derived_tables.local_athena.errors import AthenaError
from derived_tables.local_athena.types.model import BIGINT, INTEGER, Array, Map, Row


def unnested(node: tree.Unnest, analyser: CallAnalyser, *, lateral: bool) -> Source:
    """The relation; the shorter of its arrays are filled up with nulls.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT for a value that is neither array nor map.
    """
    values = [analyser.analyse(value) for value in node.values]
    alias = analyser.statement.alias()
    uses = frozenset(analyser.uses)
    lists = [_as_list(value) for value in values]
    zipped = len(lists) > 1 or node.ordinality
    columns: list[tuple[str | None, Typed]] = []
    for number, value in enumerate(values, 1):
        element = f"struct_extract({alias}.e, {number})" if zipped else f"{alias}.e"
        columns += _columns(value, element)
    if node.ordinality:
        columns.append((None, Typed(f"struct_extract({alias}.e, {len(lists) + 1})", BIGINT)))
    fields = tuple(Field(name, value, uses=uses) for name, value in columns)
    elements = _zip(lists, numbered=node.ordinality) if zipped else lists[0]
    sql = f"{'LATERAL ' if lateral else ''}(SELECT unnest({elements}) AS e) AS {alias}"
    return Source(sql, fields, uses, alias)


def _as_list(value: Typed) -> str:
    match value.type:
        case Array():
            return value.sql
        case Map():
            return f"map_entries({value.sql})"
    raise AthenaError("INVALID_FUNCTION_ARGUMENT", f"Cannot unnest type: {value.type}")


def _zip(lists: list[str], *, numbered: bool) -> str:
    filled = [f"coalesce({sql}, [])" for sql in lists]
    if numbered:
        longest = ", ".join(f"len({sql})" for sql in filled)
        filled.append(f"range(1, 1 + greatest({longest}))")
    return f"list_zip({', '.join(filled)})"


def _columns(value: Typed, element: str) -> list[tuple[str | None, Typed]]:
    """Names and values of the columns that an array or a map gives."""
    match value.type:
        case Array(Row(fields) as row):
            whole = Typed(element, row)
            return [
                (field.name, operators.subscript(whole, Typed(str(number), INTEGER, number)))
                for number, field in enumerate(fields, 1)
            ]
        case Array(type_):
            return [(None, Typed(element, type_))]
        case Map(key, item):
            return [(None, Typed(f"{element}.key", key)), (None, Typed(f"{element}.value", item))]
    raise AssertionError("only arrays and maps get here")
