"""Analyses SELECT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local_athena.dialect import casts
from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.correlation import (
    NOT_CORRELATED,
    VALUE,
    Marks,
    filter_marks,
    marks_of,
    select_marks,
)
from local_athena.dialect.analysis.expressions import AnyExpression, FieldRef
from local_athena.dialect.analysis.grouping import (
    GroupedAnalyser,
    GroupedScope,
    Groups,
    canonical,
    grouping_sets,
    named_windows,
    require_comparable,
)
from local_athena.dialect.analysis.names import chain_of
from local_athena.dialect.analysis.ordering import (
    Clauses,
    Key,
    assembled,
    ordinal_of,
    require_orderable,
)
from local_athena.dialect.analysis.pruning import push_down
from local_athena.dialect.analysis.relations import Relations
from local_athena.dialect.analysis.scans import mark_needless
from local_athena.dialect.analysis.scope import Field, Origin, Scope, Uses
from local_athena.dialect.analysis.statement import (
    Column,
    Environment,
    Queries,
    Relation,
    Source,
    Statement,
    error_at,
    require_boolean,
)
from local_athena.dialect.analysis.walk import has_aggregate, has_window, is_aggregate, nodes_of
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.text import text
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import is_comparable
from local_athena.types.model import BOOLEAN, Row


@dataclass(frozen=True)
class _Item:
    """A column of the select list, `*` expanded."""

    node: AnyExpression
    name: str | None


@dataclass(frozen=True)
class _Output:
    """An analysed column of the select list."""

    item: _Item
    value: Typed
    uses: Uses


class _AggregatedScope(Scope):
    """What aggregates in ORDER BY see: the select list's names are known, but not to be read."""

    def value(self, field: Field) -> tuple[Typed, Uses]:  # noqa: ARG002 none may be read
        """Refuses."""
        message = "Invalid reference to output projection attribute from ORDER BY aggregation"
        raise AthenaError("COLUMN_NOT_FOUND", message)


class Selects:
    """Analyses the SELECTs of one statement."""

    def __init__(self, statement: Statement, queries: Queries, relations: Relations) -> None:
        self.statement = statement
        self.queries = queries
        self.relations = relations

    def select(self, select: tree.Select, environment: Environment, outer: Scope | None, clauses: Clauses) -> Relation:
        """Analyses a SELECT with what ends its query."""
        return _Select(self, select, environment, outer, clauses).relation()


class _Select:
    """One SELECT while it is analysed."""

    def __init__(
        self,
        owner: Selects,
        select: tree.Select,
        environment: Environment,
        outer: Scope | None,
        clauses: Clauses,
    ) -> None:
        self.owner = owner
        self.node = select
        self.clauses = clauses
        self.source = Source("", ())
        self._scans_before = len(owner.statement.scans)
        if select.relation is not None:
            self.source = owner.relations.source(select.relation, environment, outer)
        self._scans_of_source = owner.statement.scans.since(self._scans_before)
        self.scope = Scope(self.source.fields, outer)
        self.analyser = CallAnalyser(
            owner.statement, owner.queries, environment, self.scope, windows=named_windows(select.windows)
        )
        self.uses: set[tuple[int, str]] = set(self.source.uses)
        self.groups: Groups | None = None
        self.marks = self.source.correlated
        self.value_marks = NOT_CORRELATED
        self.windows = False

    def relation(self) -> Relation:
        """The SELECT as a relation."""
        rest = self._from()
        items = [item for node in self.node.items for item in self._expanded(node)]
        keys_and_items = (tuple(item.node for item in items), self.node.having, self.clauses.order_by)
        self.windows = has_window(keys_and_items)
        if self.node.group_by or self.node.having or has_aggregate(keys_and_items):
            self._group(items)
        scope = GroupedScope(self.groups) if self.groups else self.scope
        outputs = [self._output(item, scope) for item in items]
        having = self._having(scope)
        self._check_windows(scope)
        if self.node.distinct:
            self._require_distinct(outputs)
        keys = self._sort_keys(outputs, scope)
        if self.groups is not None:
            rest = f" FROM ({self.groups.sql(rest)}) AS {self.groups.alias}{having}"
            self.uses |= self.groups.uses
        if self.node.distinct:
            self.uses.update(*(output.uses for output in outputs))
        if self.clauses.limit == 0:
            mark_needless(self.owner.statement.scans.since(self._scans_before))
        columns = [output.value for output in outputs]
        return Relation(
            assembled(columns, rest, keys, self.clauses, distinct=self.node.distinct),
            tuple(self._column(output) for output in outputs),
            frozenset(self.uses),
            ordered=bool(self.clauses.order_by),
            single=self._single(),
            correlated=self._correlated(),
        )

    def _from(self) -> str:
        """FROM and WHERE."""
        sql = f" FROM {self.source.sql}" if self.source.sql else ""
        if self.node.where is None:
            return sql
        analyser = self.analyser.inside(self.scope, "WHERE clause")
        condition = require_boolean(analyser.analyse(self.node.where), self.node.where, "WHERE clause")
        push_down(self.node.where, analyser, self.scope)
        if condition.constant in (False, None):
            mark_needless(self._scans_of_source)
        self.uses |= analyser.uses
        self.marks |= filter_marks(analyser, self.node.where, self.scope)
        return f"{sql} WHERE {casts.coerce(condition, BOOLEAN).sql}"

    def _single(self) -> bool:
        if self.groups is not None and self.groups.sets == [()]:
            return True
        return self.clauses.single or self.node.relation is None

    def _correlated(self) -> Marks:
        return select_marks(
            self.node,
            self.marks,
            self.value_marks,
            grouped_globally=self.groups is not None and self.groups.sets == [()],
            windows=self.windows,
            bounded=self.clauses.bounded,
        )

    # --- select list

    def _expanded(self, node: tree.SelectItem | tree.Star) -> list[_Item]:
        if isinstance(node, tree.SelectItem):
            return [_Item(node.value, _name(node))]
        if node.target is None:
            if self.node.relation is None:
                message = "SELECT * not allowed in queries without FROM clause"
                raise error_at(node, "COLUMN_NOT_FOUND", message)
            fields = [field for field in self.source.fields if not field.hidden]
            return [_Item(FieldRef(field, at=node.at), field.name) for field in fields]
        return self._expanded_target(node, node.target)

    def _expanded_target(self, node: tree.Star, target: tree.Expression) -> list[_Item]:
        chain = chain_of(target)
        aliases: list[str | None] = [_alias(name) for name in node.aliases]
        if chain is not None:
            fields = self.scope.qualified(chain)
            if fields:
                self._require_count(node, len(fields))
                names = aliases or [field.name for field in fields]
                return [_Item(FieldRef(field, at=node.at), name) for field, name in zip(fields, names, strict=True)]
            if len(chain) == 1 or not self.scope.knows(chain):
                raise error_at(node, "TABLE_NOT_FOUND", f"Unable to resolve reference {'.'.join(chain)}")
        type_ = self.analyser.inside(self.scope, None).analyse(target).type
        if not isinstance(type_, Row):
            raise error_at(node, "TYPE_MISMATCH", "expected expression of type Row")
        self._require_count(node, len(type_.fields))
        return [
            _Item(tree.Subscript(target, tree.Number(str(number), at=node.at), at=node.at), name)
            for number, name in enumerate(aliases or [field.name for field in type_.fields], 1)
        ]

    def _require_count(self, node: tree.Star, count: int) -> None:
        if node.aliases and len(node.aliases) != count:
            message = f"Column alias list has {len(node.aliases)} entries but relation has {count} columns"
            raise error_at(node.aliases[0], "MISMATCHED_COLUMN_ALIASES", message)

    def _output(self, item: _Item, scope: Scope) -> _Output:
        analyser = self._after(scope)
        value = analyser.whole(item.node) if isinstance(analyser, GroupedAnalyser) else analyser.analyse(item.node)
        self.value_marks |= marks_of(analyser, VALUE)
        return _Output(item, value, frozenset(analyser.uses))

    def _after(self, scope: Scope, clause: str | None = None) -> CallAnalyser:
        """An analyser of what stands after grouping."""
        if self.groups is None:
            return self.analyser.inside(scope, clause)
        return GroupedAnalyser(self.analyser, self.groups, scope, clause=clause)

    def _require_distinct(self, outputs: Sequence[_Output]) -> None:
        for output in outputs:
            if not is_comparable(output.value.type):
                message = f"DISTINCT can only be applied to comparable types (actual: {output.value.type})"
                raise error_at(output.item.node, "TYPE_MISMATCH", message)

    def _column(self, output: _Output) -> Column:
        return Column(output.item.name, output.value.type, output.uses, self._origins(output))

    def _origins(self, output: _Output) -> tuple[Origin, ...]:
        """The origins of a column, if what is asked of it may be asked of them as well."""
        chain = chain_of(output.item.node)
        if self.clauses.bounded or self.windows:
            return ()
        field = output.item.node.field if isinstance(output.item.node, FieldRef) else None
        if chain is not None:
            found = self.scope.resolve(chain)
            field = found[1] if found is not None and found[0] is self.scope else None
        if field is None or (self.groups is not None and len(self.groups.sets) != 1):
            return ()
        return field.origins

    # --- grouping

    def _group(self, items: Sequence[_Item]) -> None:
        groups = Groups(self.owner.statement.alias(), self.scope)
        self.groups = groups
        if self.node.group_by is None:
            groups.sets = [()]
            return
        elements = [
            (
                element.kind,
                [tuple(self._key(node, items, element.kind) for node in nodes) for nodes in element.sets],
            )
            for element in self.node.group_by.elements
        ]
        groups.sets = grouping_sets(elements, distinct=self.node.group_by.distinct)

    def _key(self, node: tree.Expression, items: Sequence[_Item], kind: str) -> int:
        assert self.groups is not None
        ordinal = ordinal_of(node, len(items), "GROUP BY") if kind == "simple" else None
        key = node if ordinal is None else items[ordinal].node
        for found in nodes_of(key):
            if is_aggregate(found) or (isinstance(found, tree.Call) and found.over is not None):
                raise self.analyser.not_scalar(found, "GROUP BY clause")
        analyser = self.analyser.inside(self.scope, "GROUP BY clause")
        if kind != "simple" and (chain_of(key) is None or self.scope.resolve(chain_of(key) or ()) is None):
            message = f"GROUP BY expression must be a column reference: {text(key)}"
            raise error_at(key, "INVALID_COLUMN_REFERENCE", message)
        value = analyser.analyse(key)
        require_comparable(value, key)
        self.value_marks |= marks_of(analyser, VALUE)
        return self.groups.add_key(key, value, frozenset(analyser.uses))

    def _having(self, scope: Scope) -> str:
        if self.node.having is None:
            return ""
        analyser = self._after(scope, "HAVING clause")
        assert isinstance(analyser, GroupedAnalyser)
        condition = require_boolean(analyser.whole(self.node.having), self.node.having, "HAVING clause")
        self.uses |= analyser.uses
        self.marks |= filter_marks(analyser, self.node.having, self.scope)
        return f" WHERE {casts.coerce(condition, BOOLEAN).sql}"

    def _check_windows(self, scope: Scope) -> None:
        for _, window in self.node.windows:
            self._after(scope).check_window(window)

    # --- ORDER BY

    def _sort_keys(self, outputs: Sequence[_Output], scope: Scope) -> list[Key]:
        fields = [Field(output.item.name, output.value, uses=output.uses) for output in outputs]
        with_names = Scope(fields, scope, inner=True)
        keys = []
        for item in self.clauses.order_by:
            ordinal = ordinal_of(item.key, len(outputs), "ORDER BY")
            if ordinal is None:
                ordinal = self._output_of(item.key, outputs, fields, with_names)
            if ordinal is None and self.node.distinct:
                message = "For SELECT DISTINCT, ORDER BY expressions must appear in select list"
                raise error_at(self.node, "EXPRESSION_NOT_IN_DISTINCT", message)
            value, uses = self._sort_value(item.key, ordinal, outputs, with_names)
            require_orderable(value, item.key, self.node)
            self.uses |= uses
            if value.constant is NOT_CONSTANT:
                keys.append(Key.of(value, item, ordinal))
        return keys

    def _output_of(
        self, node: AnyExpression, outputs: Sequence[_Output], fields: Sequence[Field], with_names: Scope
    ) -> int | None:
        """The number of the column that a key is."""
        form = canonical(node, with_names)
        if form in fields:
            return fields.index(form)
        form = canonical(node, self.scope)
        forms = (canonical(output.item.node, self.scope) for output in outputs)
        return next((number for number, other in enumerate(forms) if other == form), None)

    def _sort_value(
        self, node: tree.Expression, ordinal: int | None, outputs: Sequence[_Output], with_names: Scope
    ) -> tuple[Typed, Uses]:
        if ordinal is not None:
            return outputs[ordinal].value, outputs[ordinal].uses
        analyser = self._after(with_names)
        if isinstance(analyser, GroupedAnalyser):
            analyser.source = self.analyser.inside(_AggregatedScope(with_names.fields, self.scope, inner=True), None)
        value = analyser.whole(node) if isinstance(analyser, GroupedAnalyser) else analyser.analyse(node)
        self.value_marks |= marks_of(analyser, VALUE)
        return value, frozenset(analyser.uses)


def _alias(name: tree.Identifier) -> str | None:
    """A name behind `row.* AS`: Trino gives it in upper case unless it is quoted."""
    return name.value if name.quoted else name.value.upper()


def _name(item: tree.SelectItem) -> str | None:
    """The name of a column of the select list, as written."""
    if item.alias is not None:
        return item.alias.value
    if isinstance(item.value, tree.Identifier):
        return item.value.value
    if isinstance(item.value, tree.Dereference) and chain_of(item.value) is not None:
        return item.value.field.value
    return None
