"""Grouped queries: what is computed for each group, and what may be said about it afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.expressions import AnyExpression, FieldRef
from local_athena.dialect.analysis.names import chain_of
from local_athena.dialect.analysis.scope import NO_USES, Field, Scope, Uses
from local_athena.dialect.analysis.statement import error_at, located
from local_athena.dialect.operators.keys import is_plain, key_sql
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.text import text
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import is_comparable
from local_athena.types.model import INTEGER

Keys = tuple[int, ...]


def canonical(node: Any, scope: Scope) -> Any:
    """The expression with its columns resolved, so that equal expressions are equal however they name columns."""
    chain = chain_of(node) if isinstance(node, (tree.Identifier, tree.Dereference)) else None
    if chain is not None:
        try:
            found = scope.resolve(chain)
        except AthenaError as error:
            raise located(error, node.at) from None
        if found is not None:
            return found[1]
        if isinstance(node, tree.Identifier):
            return node.name
        return tree.Dereference, canonical(node.base, scope), node.field.value, node.field.quoted
    if isinstance(node, FieldRef):
        return node.field
    if isinstance(node, tree.Name):
        return str(node)
    if isinstance(node, tuple):
        return tuple(canonical(item, scope) for item in node)
    if not isinstance(node, tree.Node) or isinstance(node, tree.Query):
        return node
    members = [item for item in dataclasses.fields(node) if item.name != "at"]
    return type(node), tuple(canonical(getattr(node, item.name), scope) for item in members)


@dataclass(frozen=True)
class _Key:
    node: AnyExpression
    canonical: Any
    value: Typed
    uses: Uses

    @property
    def plain(self) -> bool:
        """Whether DuckDB groups by the value itself."""
        return is_plain(self.value.type)

    @property
    def sql(self) -> str:
        """What DuckDB groups by."""
        return key_sql(self.value.sql, self.value.type)


@dataclass
class Groups:
    """What is known of the groups of a query.

    Attributes:
        alias: DuckDB's name of the grouped rows.
        keys: expressions of GROUP BY, each once.
        sets: grouping sets, by numbers of keys; one set of all keys for a plain GROUP BY.
        extras: aggregates and grouping operations, by their SQL.
    """

    alias: str
    scope: Scope
    keys: list[_Key] = field(default_factory=list)
    sets: list[Keys] = field(default_factory=list)
    extras: dict[str, str] = field(default_factory=dict)
    _by_type: dict[type, list[int]] = field(default_factory=dict)

    def add_key(self, node: AnyExpression, value: Typed, uses: Uses) -> int:
        """The number of a key; the same for the same expression."""
        form = canonical(node, self.scope)
        for number, key in enumerate(self.keys):
            if key.canonical == form:
                return number
        self.keys.append(_Key(node, form, value, uses))
        self._by_type.setdefault(_kind(node), []).append(len(self.keys) - 1)
        return len(self.keys) - 1

    def find(self, node: AnyExpression, scope: Scope) -> int | None:
        """The number of the key that an expression is."""
        candidates = self._by_type.get(_kind(node), ())
        if not candidates:
            return None
        form = canonical(node, scope)
        return next((number for number in candidates if self.keys[number].canonical == form), None)

    def key_of_field(self, wanted: Field) -> int | None:
        """The number of the key that a field is."""
        keys = enumerate(self.keys)
        return next((number for number, key in keys if key.canonical is wanted), None)

    def read_key(self, number: int) -> tuple[Typed, Uses]:
        """A key, as it is read after grouping."""
        key = self.keys[number]
        kind = "k" if key.plain else "g"
        return Typed(f'{self.alias}."${kind}{number}"', key.value.type), key.uses

    def read_extra(self, value: Typed) -> Typed:
        """An aggregate, as it is read after grouping."""
        name = self.extras.setdefault(value.sql, f"$a{len(self.extras)}")
        return Typed(f'{self.alias}."{name}"', value.type, aggregate=True)

    @property
    def uses(self) -> Uses:
        """What the keys read."""
        return NO_USES.union(*(key.uses for key in self.keys))

    def sql(self, source: str) -> str:
        """The SELECT of the grouped rows from `FROM … WHERE …`."""
        columns = [f'{key.sql} AS "$k{number}"' for number, key in enumerate(self.keys)]
        columns += [f'{_any_of(key)} AS "$g{number}"' for number, key in enumerate(self.keys) if not key.plain]
        columns += [f'{sql} AS "{name}"' for sql, name in self.extras.items()]
        if not self.extras and any(not keys for keys in self.sets):
            columns.append('count(*) AS "$rows"')
        return f"SELECT {', '.join(columns)}{source}{self._clause()}"

    def _clause(self) -> str:
        if self.sets == [()]:
            return ""
        listed = [", ".join(str(number + 1) for number in keys) for keys in self.sets]
        if len(listed) == 1 and len(self.sets[0]) == len(self.keys):
            return f" GROUP BY {listed[0]}"
        return f" GROUP BY GROUPING SETS ({', '.join(f'({keys})' for keys in listed)})"


def _any_of(key: _Key) -> str:
    """One of the values that are not distinct; null where the grouping set leaves the key out."""
    return f"CASE WHEN grouping({key.sql}) = 0 THEN first({key.value.sql}) END"


def _kind(node: AnyExpression) -> type:
    """Expressions of another kind cannot be equal; a column can be written in several ways."""
    return FieldRef if isinstance(node, (tree.Identifier, tree.Dereference)) else type(node)


class GroupedScope(Scope):
    """The scope of a grouped query after grouping: only what is grouped can be read."""

    def __init__(self, groups: Groups) -> None:
        super().__init__(groups.scope.fields, groups.scope.parent)
        self.groups = groups

    def value(self, field: Field) -> tuple[Typed, Uses]:
        """How a field is read after grouping."""
        number = self.groups.key_of_field(field)
        if number is None:
            raise NotGroupedError(field)
        return self.groups.read_key(number)


class NotGroupedError(Exception):
    """A column is read that is neither grouped nor aggregated."""

    def __init__(self, field: Field) -> None:
        super().__init__(field.name)
        self.field = field


class GroupedAnalyser(CallAnalyser):
    """Analyses what stands after grouping: the select list, HAVING, ORDER BY."""

    def __init__(self, source: CallAnalyser, groups: Groups, scope: Scope, *, clause: str | None = None) -> None:
        super().__init__(
            source.statement, source.queries, source.environment, scope, clause=clause, windows=source.windows
        )
        self.source = source
        self.groups = groups

    def whole(self, node: AnyExpression) -> Typed:
        """A whole expression of the select list, HAVING or ORDER BY.

        Raises:
            AthenaError: EXPRESSION_NOT_AGGREGATE if it reads what is not grouped.
        """
        try:
            return self.analyse(node)
        except NotGroupedError as error:
            if isinstance(node, FieldRef):
                name = ".".join((*error.field.qualifier, str(error.field.name)))
                raise AthenaError("EXPRESSION_NOT_AGGREGATE", f"Column '{name}' not in GROUP BY clause") from None
            message = f"'{text(node)}' must be an aggregate expression or appear in GROUP BY clause"
            raise error_at(node, "EXPRESSION_NOT_AGGREGATE", message) from None

    def analyse(self, node: AnyExpression) -> Typed:
        """The expression's type and SQL; a grouped one is read from its group."""
        number = self.groups.find(node, self.scope)
        if number is not None:
            return self.take(*self.groups.read_key(number))
        return super().analyse(node)

    def inside(self, scope: Scope, clause: str | None) -> GroupedAnalyser:
        """An analyser of a part that sees other names."""
        return GroupedAnalyser(self.source, self.groups, scope, clause=clause)

    def aggregate(self, node: tree.Call, name: str) -> Typed:
        """An aggregate: computed with the groups."""
        if self.clause == "Lambda expression":
            raise self.not_scalar(node, self.clause)
        source = self.source.inside(self.source.scope, None)
        value = source.aggregated(node, name)
        self.outermost = max(self.outermost, source.outermost)
        return self.take(self.groups.read_extra(value), frozenset(source.uses))

    def grouping(self, node: tree.Grouping) -> Typed:
        """`GROUPING(…)`: which of the columns are left out of the row's grouping set."""
        numbers = []
        for column in node.columns:
            number = self.groups.find(column, self.scope)
            if number is None:
                message = (
                    "The arguments to GROUPING() must be expressions referenced by the GROUP BY at the associated"
                    f" query level. Mismatch due to {text(column)}."
                )
                raise AthenaError("INVALID_ARGUMENTS", message)
            numbers.append(number)
        if len(self.groups.sets) == 1:
            return Typed("0::INTEGER", INTEGER)
        keys = ", ".join(self.groups.keys[number].sql for number in numbers)
        return self.groups.read_extra(Typed(f"grouping({keys})::INTEGER", INTEGER))


def grouping_sets(elements: Sequence[tuple[str, Sequence[Keys]]], *, distinct: bool) -> list[Keys]:
    """All grouping sets: the product of those of each element.

    Args:
        elements: kind (`simple`, `rollup`, `cube`, `grouping sets`), and sets of numbers of keys.
        distinct: whether equal sets count once.
    """
    expanded = [_expanded(kind, sets) for kind, sets in elements]
    combined = [_merged(choice) for choice in product(*expanded)]
    return list({frozenset(keys): keys for keys in reversed(combined)}.values())[::-1] if distinct else combined


def _expanded(kind: str, sets: Sequence[Keys]) -> Sequence[Keys]:
    if kind == "rollup":
        return [_merged(sets[:count]) for count in range(len(sets), -1, -1)]
    if kind == "cube":
        choices = product((True, False), repeat=len(sets))
        return [_merged(keys for keys, taken in zip(sets, choice, strict=True) if taken) for choice in choices]
    return sets


def _merged(sets: Iterable[Keys]) -> Keys:
    return tuple(dict.fromkeys(number for keys in sets for number in keys))


def require_comparable(value: Typed, node: tree.Node) -> None:
    """Refuses a key of a type that cannot be compared."""
    if not is_comparable(value.type):
        message = f"{value.type} is not comparable, and therefore cannot be used in GROUP BY"
        raise error_at(node, "TYPE_MISMATCH", message)


def named_windows(clause: Iterable[tuple[tree.Identifier, tree.Window]]) -> Mapping[str, tree.Window]:
    """The windows of the WINDOW clause.

    Raises:
        AthenaError: DUPLICATE_WINDOW_NAME.
    """
    windows: dict[str, tree.Window] = {}
    for name, window in clause:
        if name.name in windows:
            raise error_at(name, "DUPLICATE_WINDOW_NAME", f"WINDOW name '{name.value}' specified more than once")
        windows[name.name] = window
    return windows
