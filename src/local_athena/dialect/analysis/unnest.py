"""UNNEST: arrays and maps as rows, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from local_athena.dialect import operators
from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.correlation import NOT_CORRELATED, UNNEST, marks_of
from local_athena.dialect.analysis.scope import Field, Uses
from local_athena.dialect.analysis.statement import Source
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import BIGINT, INTEGER, Array, Map, Row


@dataclass(frozen=True)
class Elements:
    """What UNNEST makes rows of.

    Attributes:
        sql: a DuckDB list: of the elements, or of structs of them if there are several columns of lists.
        values: the analysed arrays and maps.
        zipped: whether it is a list of structs.
        ordinality: whether the number of the row stands behind them.
        uses: what they read.
    """

    sql: str
    values: tuple[Typed, ...]
    zipped: bool
    ordinality: bool
    uses: Uses

    def fields(self, element: str) -> tuple[Field, ...]:
        """The columns, read from one element of the list."""
        columns: list[tuple[str | None, Typed]] = []
        for number, value in enumerate(self.values, 1):
            columns += _columns(value, f"struct_extract({element}, {number})" if self.zipped else element)
        if self.ordinality:
            columns.append((None, Typed(f"struct_extract({element}, {len(self.values) + 1})", BIGINT)))
        return tuple(Field(name, value, uses=self.uses) for name, value in columns)


def elements_of(node: tree.Unnest, analyser: CallAnalyser) -> Elements:
    """Analyses UNNEST; the shorter of its arrays are filled up with nulls.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT for a value that is neither array nor map.
    """
    values = tuple(analyser.analyse(value) for value in node.values)
    lists = [_as_list(value) for value in values]
    zipped = len(lists) > 1 or node.ordinality
    sql = _zip(lists, numbered=node.ordinality) if zipped else lists[0]
    return Elements(sql, values, zipped, node.ordinality, frozenset(analyser.uses))


def unnested(node: tree.Unnest, analyser: CallAnalyser, *, lateral: bool) -> Source:
    """UNNEST as a relation of its own."""
    elements = elements_of(node, analyser)
    alias = analyser.statement.alias()
    sql = f"{'LATERAL ' if lateral else ''}(SELECT unnest({elements.sql}) AS e) AS {alias}"
    correlated = NOT_CORRELATED if lateral else marks_of(analyser, UNNEST)
    return Source(sql, elements.fields(f"{alias}.e"), elements.uses, (alias,), correlated=correlated)


def unnested_beside(node: tree.Unnest, analyser: CallAnalyser, left: Source, *, outer: bool) -> Source:
    """UNNEST of what stands before it, row by row: DuckDB keeps the order, and needs no join.

    Args:
        node: the UNNEST.
        analyser: of its arguments, which sees the relation before it.
        left: the relation before it.
        outer: whether a row without elements stays, as LEFT JOIN has it.

    Returns:
        The joined relation, but with the columns of UNNEST only.
    """
    elements = elements_of(node, analyser)
    column = f'"$e{analyser.statement.alias()}"'
    sql = elements.sql
    if outer:
        sql = f"CASE WHEN len({sql}) > 0 THEN {sql} ELSE [NULL] END"
    alias = left.alias
    if alias is None:
        # Each side becomes a column of its rows: `r1.c0` then reads the field `c0` of the column `r1`.
        alias = analyser.statement.alias()
        sides = ", ".join(f"{name}.*" if name in left.packed else name for name in left.aliases)
        packed = frozenset({alias})
    else:
        sides, packed = "*", left.packed
    joined = f"(SELECT {sides}, unnest({sql}) AS {column} FROM {left.sql}) AS {alias}"
    element = column if alias in packed else f"{alias}.{column}"
    correlated = left.correlated | marks_of(analyser, UNNEST)
    return Source(joined, elements.fields(element), left.uses | elements.uses, (alias,), packed, correlated)


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
