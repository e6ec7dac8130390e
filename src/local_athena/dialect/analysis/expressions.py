"""Analyses expressions: gives each its type and its DuckDB SQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from local_athena.dialect import casts, functions, operators
from local_athena.dialect.analysis.correlation import require_plannable
from local_athena.dialect.analysis.json_forms import built, path_call
from local_athena.dialect.analysis.names import chain_of
from local_athena.dialect.analysis.scope import Field, Scope, Uses
from local_athena.dialect.analysis.statement import (
    Environment,
    Queries,
    Relation,
    Statement,
    error_at,
    located,
)
from local_athena.dialect.analysis.subqueries import in_query, quantified, scalar_sql
from local_athena.dialect.representation import literal
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.text import text
from local_athena.dialect.typed import Lambda, Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.coercion import common_type
from local_athena.types.model import BOOLEAN, UNKNOWN, VARCHAR, Row, Type
from local_athena.types.parse import trino_type

_CATALOG = "awsdatacatalog"


@dataclass(frozen=True)
class FieldRef(tree.Node):
    """A field that `*` stands for, as an expression."""

    field: Field


AnyExpression = tree.Expression | FieldRef


@contextmanager
def misfit_located(nodes: Sequence[tree.Expression], values: Sequence[Typed]) -> Iterator[None]:
    """Where values must meet in one type, an error is at the first that does not fit to those before it."""
    try:
        yield
    except AthenaError as error:
        common: Type | None = UNKNOWN
        for node, value in zip(nodes, values, strict=True):
            common = None if common is None else common_type(common, value.type)
            if common is None:
                raise located(error, node.at) from None
        raise


class ExpressionAnalyser(ABC):
    """Analyses expressions in one place of a query.

    Attributes:
        clause: Trino's name of a place where neither aggregates nor window functions may stand; None elsewhere.
        uses: what the expressions analysed so far read.
        outermost: how many queries further out the outermost column is that they read.
        root: the whole expression that is analysed.
    """

    def __init__(
        self,
        statement: Statement,
        queries: Queries,
        environment: Environment,
        scope: Scope,
        *,
        clause: str | None = None,
    ) -> None:
        self.statement = statement
        self.queries = queries
        self.environment = environment
        self.scope = scope
        self.clause = clause
        self.uses: set[tuple[int, str]] = set()
        self.outermost = 0
        self.root: AnyExpression | None = None

    def analyse(self, node: AnyExpression) -> Typed:
        """The expression's type and SQL.

        Raises:
            AthenaError: in Trino's words, with the place.
        """
        whole = self.root is None
        self.root = self.root or node
        try:
            return self._handlers[type(node)](self, node)
        except AthenaError as error:
            raise located(error, node.at) from None
        finally:
            if whole:
                self.root = None

    def boolean(self, node: tree.Expression, what: str) -> Typed:
        """A part of a condition.

        Raises:
            AthenaError: TYPE_MISMATCH `<what> must evaluate to a boolean (actual: …)`.
        """
        value = self.analyse(node)
        if value.type not in (BOOLEAN, UNKNOWN):
            raise error_at(node, "TYPE_MISMATCH", f"{what} must evaluate to a boolean (actual: {value.type})")
        return casts.coerce(value, BOOLEAN)

    def take(self, value: Typed, uses: Uses) -> Typed:
        """Notes what the value reads."""
        self.uses.update(uses)
        return value

    @abstractmethod
    def call(self, node: tree.Call) -> Typed:
        """A function call."""

    @abstractmethod
    def grouping(self, node: tree.Grouping) -> Typed:
        """`GROUPING(…)`."""

    # --- names

    def field(self, scope: Scope, field: Field) -> Typed:
        """A field, as it is read in this place."""
        self.outermost = max(self.outermost, self.scope.distance(scope))
        self.statement.scans.mention(field.uses)
        return self.take(*scope.value(field))

    def _identifier(self, node: tree.Identifier) -> Typed:
        found = self.scope.resolve((node.name,))
        if found is None:
            raise AthenaError("COLUMN_NOT_FOUND", f"Column '{node.name}' cannot be resolved")
        return self.field(*found)

    def _field_ref(self, node: FieldRef) -> Typed:
        scope: Scope | None = self.scope
        while scope is not None and node.field not in scope.fields:
            scope = scope.parent
        assert scope is not None, "a field is expanded where it can be seen"
        return self.field(scope, node.field)

    def _dereference(self, node: tree.Dereference) -> Typed:
        chain = chain_of(node)
        if chain is not None:
            found = self.scope.resolve(chain)
            if found is not None:
                return self.field(*found)
            if not self.scope.knows(chain):
                raise AthenaError("COLUMN_NOT_FOUND", f"Column '{'.'.join(chain)}' cannot be resolved")
        base = self.analyse(node.base)
        if not isinstance(base.type, Row):
            raise AthenaError("TYPE_MISMATCH", f"Expression {text(node.base)} is not of type ROW")
        return operators.dereference(base, node.field.value)

    # --- literals

    def _parameter(self, node: tree.Parameter) -> Typed:
        inner = type(self)(self.statement, self.queries, self.environment, Scope(()), clause=self.clause)
        return inner.analyse(self.statement.parameters[node.index])

    def _current(self, node: tree.Current) -> Typed:
        names = {"current_catalog": _CATALOG, "current_schema": self.environment.database}
        if node.what in names:
            return Typed(literal(names[node.what]), VARCHAR)
        if node.what in ("current_user", "current_path"):
            raise not_supported(f"{node.what.upper()} is not supported")
        return operators.current(node.what, self.statement.session.now, node.precision)

    def _typed_literal(self, node: tree.TypedLiteral) -> Typed:
        return operators.typed_literal(node.type_name, node.text)

    # --- operators

    def _unary(self, node: tree.Unary) -> Typed:
        return operators.unary(node.operator, self.analyse(node.value))

    def _arithmetic(self, node: tree.Arithmetic) -> Typed:
        return operators.arithmetic(node.operator, self.analyse(node.left), self.analyse(node.right))

    def _compare(self, node: tree.Compare) -> Typed:
        return operators.compare(node.operator, self.analyse(node.left), self.analyse(node.right))

    def _not(self, node: tree.Not) -> Typed:
        return operators.unary("not", self.boolean(node.value, "Value of logical NOT expression"))

    def _logical(self, node: tree.Logical) -> Typed:
        return operators.logical(node.operator, [self.boolean(term, "Logical expression term") for term in node.terms])

    def _in_list(self, node: tree.InList) -> Typed:
        value, options = self.analyse(node.value), self._all(node.options)
        with misfit_located((node.value, *node.options), [value, *options]):
            return operators.in_list(value, options)

    def _like(self, node: tree.Like) -> Typed:
        escape = None if node.escape is None else self.analyse(node.escape)
        value, pattern = self.analyse(node.value), self.analyse(node.pattern)
        try:
            return operators.like(value, pattern, escape)
        except AthenaError as error:
            raise located(error, (node.pattern if "Pattern" in error.message else node).at) from None

    def _array(self, node: tree.ArrayOf) -> Typed:
        elements = self._all(node.elements)
        with misfit_located(node.elements, elements):
            return operators.array(elements)

    def _all(self, nodes: Sequence[tree.Expression]) -> list[Typed]:
        return [self.analyse(node) for node in nodes]

    def _case(self, node: tree.Case) -> Typed:
        if node.operand is None:
            conditions = [self.boolean(when.condition, "CASE WHEN clause") for when in node.whens]
        else:
            operand = self.analyse(node.operand)
            conditions = [self._matches(operand, when.condition) for when in node.whens]
        results = [self.analyse(when.result) for when in node.whens]
        default = None if node.default is None else self.analyse(node.default)
        nodes = [when.result for when in node.whens] + ([] if node.default is None else [node.default])
        with misfit_located(nodes, results if default is None else [*results, default]):
            return operators.case(list(zip(conditions, results, strict=True)), default)

    def _matches(self, operand: Typed, node: tree.Expression) -> Typed:
        option = self.analyse(node)
        try:
            return operators.compare("=", operand, option)
        except AthenaError as error:
            if error.name != "TYPE_MISMATCH":
                raise
            what = "CASE operand type does not match WHEN clause operand type"
            raise error_at(node, "TYPE_MISMATCH", f"{what}: {operand.type} vs {option.type}") from None

    def _cast(self, node: tree.Cast) -> Typed:
        value = self.analyse(node.value)
        return casts.cast(value, trino_type(node.type_text), safe=node.safe)

    # --- queries

    def _subquery(self, node: tree.Subquery) -> Typed:
        sql, type_, uses = scalar_sql(self._query(node.query, scalar=True))
        return self.take(Typed(sql, type_), uses)

    def _exists(self, node: tree.Exists) -> Typed:
        relation = self._query(node.query, exists=True)
        return self.take(Typed(f"EXISTS ({relation.sql})", BOOLEAN), relation.uses)

    def _in_query(self, node: tree.InQuery) -> Typed:
        value = self.analyse(node.value)
        relation = self._query(node.query)
        return self.take(in_query(value, relation), relation.all_uses)

    def _quantified(self, node: tree.Quantified) -> Typed:
        value = self.analyse(node.value)
        relation = self._query(node.query)
        return self.take(quantified(node.operator, node.quantifier, value, relation), relation.all_uses)

    def _query(self, query: tree.Query, *, exists: bool = False, scalar: bool = False) -> Relation:
        if self.clause == "Lambda expression":
            raise error_at(query, "NOT_SUPPORTED", "Lambda expression cannot contain subqueries")
        relation = self.queries.query(query, self.environment, self.scope)
        require_plannable(relation.correlated, query, exists=exists, scalar=scalar)
        return relation

    # --- lambdas

    def lambda_(self, node: tree.LambdaOf) -> Lambda:
        """A lambda; its body is analysed when the function knows the types of its parameters."""
        names = [parameter.name for parameter in node.parameters]

        def analyse(types: Sequence[Type], sqls: Sequence[str]) -> Typed:
            bound = zip(node.parameters, types, sqls, strict=True)
            fields = [Field(parameter.value, Typed(sql, type_)) for parameter, type_, sql in bound]
            body = self.inside(Scope(fields, self.scope, inner=True), "Lambda expression")
            value = body.analyse(node.body)
            self.uses.update(body.uses)
            self.outermost = max(self.outermost, body.outermost)
            return value

        return Lambda(tuple(names), analyse)

    def inside(self, scope: Scope, clause: str | None) -> ExpressionAnalyser:
        """An analyser of a part that sees other names."""
        return type(self)(self.statement, self.queries, self.environment, scope, clause=clause)

    def _misplaced_lambda(self, _node: tree.LambdaOf) -> Typed:
        raise AthenaError("TYPE_MISMATCH", "Lambda expression should always be used inside a function")

    _handlers: ClassVar[dict[type[tree.Node], Callable[[Any, Any], Typed]]] = {
        tree.Identifier: _identifier,
        FieldRef: _field_ref,
        tree.Dereference: _dereference,
        tree.Number: lambda _, node: operators.number(node.text),
        tree.String: lambda _, node: operators.string(node.value),
        tree.Binary: lambda _, node: operators.binary_literal(node.digits),
        tree.Boolean: lambda _, node: operators.boolean(node.value),
        tree.Null: lambda _, __: operators.null(),
        tree.TypedLiteral: _typed_literal,
        tree.Interval: lambda _, node: operators.interval(node.text, node.unit, node.to_unit, negative=node.negative),
        tree.Parameter: _parameter,
        tree.Current: _current,
        tree.Unary: _unary,
        tree.Arithmetic: _arithmetic,
        tree.Concat: lambda self, node: functions.concat(self.analyse(node.left), self.analyse(node.right)),
        tree.AtTimeZone: lambda self, node: functions.at_time_zone(self.analyse(node.value), self.analyse(node.zone)),
        tree.Compare: _compare,
        tree.Quantified: _quantified,
        tree.Not: _not,
        tree.Logical: _logical,
        tree.IsNull: lambda self, node: operators.is_null(self.analyse(node.value)),
        tree.Between: lambda self, node: operators.between(*self._all((node.value, node.low, node.high))),
        tree.InList: _in_list,
        tree.InQuery: _in_query,
        tree.Like: _like,
        tree.Exists: _exists,
        tree.Subquery: _subquery,
        tree.Case: _case,
        tree.Cast: _cast,
        tree.Extract: lambda self, node: functions.extract(node.field, self.analyse(node.value)),
        tree.Subscript: lambda self, node: operators.subscript(self.analyse(node.value), self.analyse(node.index)),
        tree.ArrayOf: _array,
        tree.RowOf: lambda self, node: operators.row(self._all(node.fields)),
        tree.LambdaOf: _misplaced_lambda,
        tree.Grouping: lambda self, node: self.grouping(node),
        tree.JsonPathCall: lambda self, node: path_call(node, self.analyse),
        tree.JsonBuild: lambda self, node: built(node, self.analyse),
        tree.Call: lambda self, node: self.call(node),
    }
