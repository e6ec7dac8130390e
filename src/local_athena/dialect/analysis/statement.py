"""What the parts of the analyser share while they analyse one statement."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from local_athena.catalogue.model import Session, TableName
from local_athena.dialect.analysis.scans import Copied, Move, Scans
from local_athena.dialect.analysis.scope import NO_USES, Field, Origin, Scope, Uses
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.parser import parse_expression
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import BOOLEAN, UNKNOWN, Type


@dataclass(frozen=True)
class Column:
    """A column that a query gives; its DuckDB name is `c` with its number."""

    name: str | None
    type: Type
    uses: Uses = NO_USES
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Relation:
    """An analysed query.

    Attributes:
        sql: a DuckDB SELECT whose columns are `c0`, `c1`, ….
        columns: what it gives.
        uses: what must be read whichever of its columns are asked for.
        ordered: whether it says in which order its rows come.
        single: whether it surely gives at most one row.
        correlated: how it reads the query around it, see `correlation.py`.
    """

    sql: str
    columns: tuple[Column, ...]
    uses: Uses = NO_USES
    ordered: bool = False
    single: bool = False
    correlated: frozenset[str] = frozenset()

    @property
    def all_uses(self) -> Uses:
        """What must be read for all of its columns."""
        return self.uses.union(*(column.uses for column in self.columns))


@dataclass(frozen=True)
class Source:
    """An analysed relation of FROM.

    Attributes:
        sql: what stands in DuckDB's FROM.
        fields: its columns.
        uses: what must be read whichever of its columns are asked for.
        aliases: its names in DuckDB; of a join all those of its sides.
        packed: those of the aliases whose columns are the rows of other aliases.
        correlated: how it reads the query around it, see `correlation.py`.
    """

    sql: str
    fields: tuple[Field, ...]
    uses: Uses = NO_USES
    aliases: tuple[str, ...] = ()
    packed: frozenset[str] = frozenset()
    correlated: frozenset[str] = frozenset()

    @property
    def alias(self) -> str | None:
        """Its only name in DuckDB, if it has just one."""
        return self.aliases[0] if len(self.aliases) == 1 else None


@dataclass(frozen=True, eq=False)
class Named:
    """A query of WITH, where it was defined, and the scope around that place; compared by identity."""

    query: tree.WithQuery
    environment: Environment
    recursive: bool = False
    outer: Scope | None = None


@dataclass(frozen=True)
class Recursive:
    """The name of a recursive query inside of itself.

    Attributes:
        relation: what its rows so far give.
    """

    relation: Relation


@dataclass(frozen=True)
class Environment:
    """Where names of tables are looked up.

    Attributes:
        database: of names without one.
        named: queries of WITH, by name.
        views: the views that are being expanded, the outermost first.
    """

    database: str
    named: Mapping[str, Named | Recursive] = field(default_factory=dict)
    views: tuple[TableName, ...] = ()


class Queries(Protocol):
    """Analyses queries: what expressions and relations need for the queries inside of them."""

    def query(self, query: tree.Query, environment: Environment, outer: Scope | None) -> Relation:
        """Analyses a query; `outer` is the scope that it may correlate with."""
        ...

    def named(self, entry: Named) -> Relation:
        """Analyses a query of WITH, where it is used."""
        ...

    def body(self, body: tree.Body, environment: Environment, outer: Scope | None) -> Relation:
        """Analyses what stands before ORDER BY."""
        ...


class Statement:
    """One statement while it is analysed."""

    def __init__(self, session: Session, parameters: int) -> None:
        if parameters != len(session.parameters):
            found = len(session.parameters)
            message = f"line 1:1: Incorrect number of parameters: expected {parameters} but found {found}"
            raise AthenaError("INVALID_PARAMETER_USAGE", message)
        self.session = session
        self.parameters = [parse_expression(text) for text in session.parameters]
        self.scans = Scans()
        self.seen: set[int] = set()
        self._aliases = 0
        self._known: dict[Hashable, tuple[Relation, Copied]] = {}

    def alias(self) -> str:
        """A new name for a relation in DuckDB."""
        self._aliases += 1
        return f"r{self._aliases}"

    def once(self, key: Hashable, analyse: Callable[[], Relation]) -> Relation:
        """A view or a query of WITH: analysed where it is first used; each use has scans of its own.

        Args:
            key: the same for each use, and for nothing else in the statement.
            analyse: analyses it.
        """
        known = self._known.get(key)
        if known is None:
            first = len(self.scans)
            relation = analyse()
            self._known[key] = relation, self.scans.copied(first)
            return relation
        relation, copied = known
        return _moved(relation, self.scans.again(copied))


def _moved(relation: Relation, move: Move) -> Relation:
    """The relation over other scans of the same tables."""
    columns = tuple(
        replace(
            column,
            uses=move.uses(column.uses),
            origins=tuple(replace(origin, scan=move.number(origin.scan)) for origin in column.origins),
        )
        for column in relation.columns
    )
    return replace(relation, sql=move.sql(relation.sql), columns=columns, uses=move.uses(relation.uses))


def constant_of(node: int | tree.Parameter, statement: Statement) -> int:
    """A count of rows, which may be a parameter.

    Raises:
        AthenaError: INVALID_PARAMETER_USAGE for a parameter that is no count.
    """
    if isinstance(node, int):
        return node
    value = statement.parameters[node.index]
    if not isinstance(value, tree.Number) or not value.text.isdigit():
        raise error_at(node, "INVALID_PARAMETER_USAGE", "Invalid value of a parameter: expected a number of rows")
    return int(value.text)


def located(error: AthenaError, at: tree.At) -> AthenaError:
    """The error with its place before the message, unless it has one."""
    if error.message.startswith("line "):
        return error
    return AthenaError(error.name, f"line {at[0]}:{at[1]}: {error.message}", category=error.category)


def error_at(node: tree.Node, name: str, message: str) -> AthenaError:
    """An error at a node."""
    return located(AthenaError(name, message), node.at)


def require_boolean(value: Typed, node: tree.Node, what: str) -> Typed:
    """The value, which must be a boolean or null.

    Raises:
        AthenaError: TYPE_MISMATCH.
    """
    if value.type not in (BOOLEAN, UNKNOWN):
        raise error_at(node, "TYPE_MISMATCH", f"{what} must evaluate to a boolean: actual type {value.type}")
    return value
