"""ORDER BY, OFFSET, LIMIT and FETCH FIRST, and the SELECT that they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.expressions import FieldRef
from local_athena.dialect.analysis.scope import Field, Scope
from local_athena.dialect.analysis.statement import Relation, Statement, constant_of, error_at
from local_athena.dialect.analysis.windows import direction
from local_athena.dialect.operators.indeterminate import order_sql
from local_athena.dialect.operators.keys import is_plain, key_sql
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.text import text
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.types.coercion import is_orderable
from local_athena.types.model import Array


@dataclass(frozen=True)
class Clauses:
    """What ends a query."""

    order_by: tuple[tree.SortItem, ...] = ()
    offset: int | None = None
    limit: int | None = None
    ties: bool = False

    @classmethod
    def of(cls, query: tree.Query, statement: Statement) -> Clauses:
        """Reads the clauses of a query.

        Raises:
            AthenaError: NUMERIC_VALUE_OUT_OF_RANGE, MISSING_ORDER_BY.
        """
        offset = None if query.offset is None else constant_of(query.offset.count, statement)
        limit = None
        if query.limit is not None and query.limit.count is not None:
            limit = constant_of(query.limit.count, statement)
            if query.limit.fetch and limit == 0:
                message = "FETCH FIRST row count must be positive (actual value: 0)"
                raise error_at(query.limit, "NUMERIC_VALUE_OUT_OF_RANGE", message)
        ties = query.limit is not None and query.limit.ties
        if ties and not query.order_by:
            assert query.limit is not None
            raise error_at(query.limit, "MISSING_ORDER_BY", "FETCH FIRST WITH TIES clause requires ORDER BY")
        return cls(query.order_by, offset, limit, ties)

    @property
    def bounded(self) -> bool:
        """Whether not all rows are given."""
        return self.offset is not None or self.limit is not None

    @property
    def single(self) -> bool:
        """Whether at most one row is given."""
        return self.limit is not None and self.limit <= 1 and not self.ties


@dataclass(frozen=True)
class Key:
    """A key of ORDER BY.

    Attributes:
        sql: DuckDB expression.
        direction: e.g. `desc nulls last`.
        ordinal: number of the column that it is, from 0; None if it is none.
    """

    sql: str
    direction: str
    ordinal: int | None = None

    @classmethod
    def of(cls, value: Typed, item: tree.SortItem, ordinal: int | None) -> Key:
        """The key of an item whose value, or whose column, is known."""
        plain = is_plain(value.type) and not isinstance(value.type, Array)
        return cls(order_sql(value.sql, value.type), direction(item), ordinal if plain else None)

    @property
    def by_position(self) -> str:
        """How ORDER BY says it."""
        return f"{self.sql if self.ordinal is None else self.ordinal + 1} {self.direction}"


def assembled(values: Sequence[Typed], rest: str, keys: Sequence[Key], clauses: Clauses, *, distinct: bool) -> str:
    """The SELECT of columns `c0`, `c1`, …, with everything that ends it."""
    select = f"SELECT {distinct_sql(values)}" if distinct else "SELECT"
    named = [f"{value.sql} AS c{number}" for number, value in enumerate(values)]
    if clauses.ties:
        return _with_ties(select, named, rest, keys, clauses)
    sql = f"{select} {', '.join(named)}{rest}{_order(keys)}"
    if clauses.limit is not None:
        sql += f" LIMIT {clauses.limit}"
    return sql if clauses.offset is None else f"{sql} OFFSET {clauses.offset}"


def distinct_sql(values: Sequence[Typed]) -> str:
    """DISTINCT, by what makes values distinct."""
    if all(is_plain(value.type) for value in values):
        return "DISTINCT"
    return f"DISTINCT ON ({', '.join(key_sql(value.sql, value.type) for value in values)})"


def _order(keys: Sequence[Key]) -> str:
    return f" ORDER BY {', '.join(key.by_position for key in keys)}" if keys else ""


def _with_ties(select: str, named: Sequence[str], rest: str, keys: Sequence[Key], clauses: Clauses) -> str:
    """The rows up to the limit, and those equal to the last of them."""
    visible = ", ".join(f"c{number}" for number in range(len(named)))
    extra = [f'{key.sql} AS "$k{number}"' for number, key in enumerate(keys)]
    offset = "" if clauses.offset is None else f" OFFSET {clauses.offset}"
    order = ", ".join(f'"$k{number}" {key.direction}' for number, key in enumerate(keys))
    rows = f"{select} {', '.join([*named, *extra])}{rest}{_order(keys)}{offset}"
    ranked = f'SELECT *, rank() OVER (ORDER BY {order}) AS "$rank" FROM ({rows})'
    return f'SELECT {visible} FROM ({ranked}) WHERE "$rank" <= {clauses.limit} ORDER BY "$rank"'


def require_orderable(value: Typed, node: tree.Expression, place: tree.Node) -> None:
    """Refuses a key of a type that has no order."""
    if not is_orderable(value.type):
        message = f"Type {value.type} is not orderable, and therefore cannot be used in ORDER BY: {text(node)}"
        raise error_at(place, "TYPE_MISMATCH", message)


def ordinal_of(node: tree.Expression, count: int, clause: str) -> int | None:
    """The number, from 0, of the column that a key names by its position; None if it is an expression.

    Raises:
        AthenaError: INVALID_COLUMN_REFERENCE.
    """
    if not isinstance(node, tree.Number) or not node.text.isdigit():
        return None
    position = int(node.text)
    if not 1 <= position <= count:
        message = f"{clause} position {position} is not in select list"
        raise error_at(node, "INVALID_COLUMN_REFERENCE", message)
    return position - 1


def ordered_relation(
    relation: Relation, clauses: Clauses, analyser: CallAnalyser, outer: Scope | None, place: tree.Node
) -> Relation:
    """A query that is no SELECT itself, ordered by its columns and limited."""
    if not clauses.order_by and not clauses.bounded:
        return relation
    alias = analyser.statement.alias()
    fields = [
        Field(column.name, Typed(f"{alias}.c{number}", column.type), uses=column.uses)
        for number, column in enumerate(relation.columns)
    ]
    inside = analyser.inside(Scope(fields, outer), "ORDER BY clause")
    keys = []
    for item in clauses.order_by:
        ordinal = ordinal_of(item.key, len(fields), "ORDER BY")
        value = inside.analyse(item.key if ordinal is None else FieldRef(fields[ordinal], at=item.key.at))
        require_orderable(value, item.key, place)
        if value.constant is NOT_CONSTANT:
            keys.append(Key.of(value, item, ordinal))
    columns = [field.value for field in fields]
    sql = assembled(columns, f" FROM ({relation.sql}) AS {alias}", keys, clauses, distinct=False)
    kept = [replace(column, origins=()) if clauses.bounded else column for column in relation.columns]
    single = relation.single or clauses.single
    return replace(
        relation,
        sql=sql,
        columns=tuple(kept),
        uses=relation.uses.union(inside.uses),
        ordered=bool(clauses.order_by),
        single=single,
    )
