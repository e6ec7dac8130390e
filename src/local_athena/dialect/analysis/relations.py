"""Analyses what stands in FROM."""

from __future__ import annotations

from dataclasses import replace

from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.correlation import (
    NOT_CORRELATED,
    Marks,
    filter_marks,
    require_plannable,
)
from local_athena.dialect.analysis.joins import (
    ForbiddenScope,
    condition_scopes,
    joined_fields,
    joined_sql,
    using_fields,
)
from local_athena.dialect.analysis.pruning import push_down
from local_athena.dialect.analysis.scope import NO_USES, Field, Scope, Uses
from local_athena.dialect.analysis.statement import (
    Environment,
    Queries,
    Relation,
    Source,
    Statement,
    error_at,
    require_boolean,
)
from local_athena.dialect.analysis.table_functions import table_function
from local_athena.dialect.analysis.tables import relation_source, table_source
from local_athena.dialect.analysis.unnest import unnested, unnested_beside
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import NOT_CONSTANT
from local_athena.errors import not_supported

_MOST_PERCENT = 100


class Relations:
    """Analyses the relations of one statement."""

    def __init__(self, statement: Statement, queries: Queries) -> None:
        self.statement = statement
        self.queries = queries

    def source(
        self, relation: tree.Relation, environment: Environment, outer: Scope | None, beside: Scope | None = None
    ) -> Source:
        """Analyses a relation.

        Args:
            relation: what stands in FROM.
            environment: where names are looked up.
            outer: the scope around the query.
            beside: what LATERAL and UNNEST see: the relations before this one.
        """
        match relation:
            case tree.TableRef():
                return table_source(relation, environment, self.statement, self.queries)
            case tree.Derived(query, lateral):
                seen = (beside or outer) if lateral else outer
                analysed = self.queries.query(query, environment, seen)
                if lateral:
                    require_plannable(analysed.correlated, query, scalar=True)
                return relation_source(analysed, self.statement, lateral=lateral and _readable(beside))
            case tree.Unnest():
                analyser = self._analyser(environment, beside or Scope((), outer), "UNNEST")
                return unnested(relation, analyser, lateral=_readable(beside))
            case tree.TableCall():
                return self._table_call(relation, environment, outer)
            case tree.Aliased():
                return self._aliased(relation, self.source(relation.relation, environment, outer, beside))
            case tree.Sampled():
                return self._sampled(relation, self.source(relation.relation, environment, outer, beside), environment)
            case tree.Join():
                return self._join(relation, environment, outer, beside)
            case tree.PatternMatch():
                raise not_supported("MATCH_RECOGNIZE is not supported")

    def _analyser(self, environment: Environment, scope: Scope, clause: str) -> CallAnalyser:
        return CallAnalyser(self.statement, self.queries, environment, scope, clause=clause)

    def _table_call(self, node: tree.TableCall, environment: Environment, outer: Scope | None) -> Source:
        analyser = self._analyser(environment, Scope((), outer), "Table function argument")

        def relation_of(argument: tree.Derived | tree.TableRef) -> Relation:
            if isinstance(argument, tree.Derived):
                return self.queries.query(argument.query, environment, None)
            return self.queries.body(argument, environment, None)

        return relation_source(table_function(node, analyser, relation_of), self.statement)

    def _aliased(self, node: tree.Aliased, source: Source) -> Source:
        qualifier = (node.alias.name,)
        if not node.columns:
            return replace(source, fields=tuple(replace(field, qualifier=qualifier) for field in source.fields))
        visible = [field for field in source.fields if not field.hidden]
        if len(visible) != len(node.columns):
            message = (
                f"Column alias list has {len(node.columns)} entries but '{node.alias.value}' has {len(visible)}"
                " columns available"
            )
            raise error_at(node, "MISMATCHED_COLUMN_ALIASES", message)
        named = zip(visible, node.columns, strict=True)
        return replace(
            source, fields=tuple(replace(field, name=name.value, qualifier=qualifier) for field, name in named)
        )

    def _sampled(self, node: tree.Sampled, source: Source, environment: Environment) -> Source:
        percentage = self._analyser(environment, Scope(()), "TABLESAMPLE").analyse(node.percentage).constant
        if source.alias is None or percentage is NOT_CONSTANT or percentage is None or isinstance(percentage, str):
            raise not_supported("TABLESAMPLE is supported for single relations and constant percentages only")
        if percentage > _MOST_PERCENT:
            message = "Sample percentage must be less than or equal to 100"
            raise error_at(node.percentage, "NUMERIC_VALUE_OUT_OF_RANGE", message)
        if percentage < 0:
            message = "Sample percentage must be greater than or equal to 0"
            raise error_at(node.percentage, "NUMERIC_VALUE_OUT_OF_RANGE", message)
        sql = f"(SELECT * FROM {source.sql} WHERE random() * 100 < {percentage}) AS {source.alias}"
        return replace(source, sql=sql)

    # --- joins

    def _join(self, node: tree.Join, environment: Environment, outer: Scope | None, beside: Scope | None) -> Source:
        if node.natural:
            raise error_at(node, "NOT_SUPPORTED", "Natural join not supported")
        left = self.source(node.left, environment, outer, beside)
        _require_true_for_unnest(node)
        unnest = _unnest_of(node)
        if unnest is not None:
            analyser = self._analyser(environment, Scope(left.fields, outer), "UNNEST")
            joined = unnested_beside(unnest, analyser, left, outer=node.kind == "left")
            named = self._aliased(node.right, joined) if isinstance(node.right, tree.Aliased) else joined
            return replace(joined, fields=left.fields + named.fields)
        beside = Scope(left.fields, outer)
        if node.kind in ("right", "full"):
            beside = ForbiddenScope(left.fields, outer, node.kind)
        right = self.source(node.right, environment, outer, beside)
        if node.using is not None:
            fields, condition, uses = using_fields(node, left, right)
            self.statement.scans.mention(uses)
            return _joined(node, left, right, condition, fields, uses)
        fields = joined_fields(node.kind, left, right)
        if node.condition is None:
            return _joined(node, left, right, None, fields)
        analyser = self._analyser(environment, Scope(left.fields + right.fields, outer), "JOIN clause")
        condition = require_boolean(analyser.analyse(node.condition), node.condition, "JOIN ON clause").sql
        restricted = condition_scopes(node.kind, left, right)
        if restricted is not None:
            push_down(node.condition, analyser, restricted)
        marks = filter_marks(analyser, node.condition, analyser.scope)
        if marks and node.kind != "inner":
            message = "Reference to column from outer scope not allowed in this context"
            raise error_at(node.condition, "NOT_SUPPORTED", message)
        return _joined(node, left, right, condition, fields, frozenset(analyser.uses), marks)


def _joined(
    node: tree.Join,
    left: Source,
    right: Source,
    condition: str | None,
    fields: tuple[Field, ...],
    uses: Uses = NO_USES,
    correlated: Marks = NOT_CORRELATED,
) -> Source:
    return Source(
        joined_sql(node, left, right, condition),
        fields,
        left.uses | right.uses | uses,
        left.aliases + right.aliases,
        left.packed | right.packed,
        left.correlated | right.correlated | correlated,
    )


def _readable(beside: Scope | None) -> bool:
    """Whether DuckDB must let the relation read what stands before it."""
    return beside is not None and not isinstance(beside, ForbiddenScope)


def _unnest_of(node: tree.Join) -> tree.Unnest | None:
    """The UNNEST that a join has on its right, if it reads what stands on the left."""
    right = node.right.relation if isinstance(node.right, tree.Aliased) else node.right
    reads = node.kind in ("cross", "inner", "left") and node.using is None
    return right if reads and isinstance(right, tree.Unnest) else None


def _require_true_for_unnest(node: tree.Join) -> None:
    right = node.right.relation if isinstance(node.right, tree.Aliased) else node.right
    if node.condition is None or node.condition == tree.Boolean(True):
        return
    if isinstance(right, tree.Unnest):
        message = f"{node.kind.upper()} JOIN involving UNNEST is only supported with condition ON TRUE"
        raise error_at(node.condition, "NOT_SUPPORTED", message)
    if isinstance(right, tree.Derived) and right.lateral:
        raise error_at(right, "NOT_SUPPORTED", "Given correlated subquery is not supported")
