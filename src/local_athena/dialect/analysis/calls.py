"""Analyses function calls: scalars, aggregates, windows, and the functions that the grammar treats as forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from local_athena.dialect import functions, operators
from local_athena.dialect.analysis.expressions import ExpressionAnalyser, misfit_located
from local_athena.dialect.analysis.scope import Scope
from local_athena.dialect.analysis.statement import Environment, Queries, Statement, error_at
from local_athena.dialect.analysis.windows import direction, window_sql
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.text import text
from local_athena.dialect.typed import NOT_CONSTANT, Argument, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import common_type

_NULL_TREATMENT = frozenset({"lead", "lag", "first_value", "last_value", "nth_value"})


class CallAnalyser(ExpressionAnalyser):
    """Analyses expressions with calls.

    Attributes:
        windows: windows that the WINDOW clause names.
        aggregate_around: the aggregate in whose arguments this is.
        window_around: the part of a window function in which this is: its `arguments` or `specification`.
    """

    def __init__(
        self,
        statement: Statement,
        queries: Queries,
        environment: Environment,
        scope: Scope,
        *,
        clause: str | None = None,
        windows: Mapping[str, tree.Window] | None = None,
    ) -> None:
        super().__init__(statement, queries, environment, scope, clause=clause)
        self.windows = windows or {}
        self.aggregate_around: tree.Call | None = None
        self.window_around: str | None = None

    def call(self, node: tree.Call) -> Typed:
        """A function call."""
        name = str(node.name)
        form = _FORMS.get(name)
        if form is not None and node.over is None:
            _plain(node)
            return form(self, node)
        if len(node.name.parts) > 1:
            raise AthenaError("FUNCTION_NOT_FOUND", f"Function '{name}' not registered")
        kind = functions.kind(name)
        if node.over is not None:
            return self._window_call(node, name, kind)
        if kind == "window":
            raise AthenaError("MISSING_OVER", f"Window function system.builtin.{name} requires an OVER clause")
        if kind == "aggregate":
            return self.aggregate(node, name)
        _plain(node)
        return functions.scalar(name, self.arguments(node))

    def check_window(self, window: tree.Window) -> None:
        """Analyses a window that the WINDOW clause names: it must be right even if nobody uses it."""
        window_sql(self, window, self.windows)

    def arguments(self, node: tree.Call) -> list[Argument]:
        """The arguments of a call; lambdas wait for the types of their parameters."""
        return [
            self.lambda_(argument) if isinstance(argument, tree.LambdaOf) else self.analyse(argument)
            for argument in node.arguments
        ]

    def values(self, nodes: Sequence[tree.Expression]) -> list[Typed]:
        """Expressions of which none may be a lambda."""
        return [self.analyse(node) for node in nodes]

    def inside(self, scope: Scope, clause: str | None) -> CallAnalyser:
        """An analyser of a part that sees other names."""
        return CallAnalyser(self.statement, self.queries, self.environment, scope, clause=clause, windows=self.windows)

    # --- aggregates

    def aggregate(self, node: tree.Call, name: str) -> Typed:
        """An aggregate, which has no place here unless a subclass knows better."""
        if self.aggregate_around is not None:
            outer = self.aggregate_around
            message = f"Cannot nest aggregations inside aggregation '{outer.name}': [{text(node)}]"
            raise error_at(outer, "NESTED_AGGREGATION", message)
        raise self.not_scalar(node, self.clause or name)

    def grouping(self, node: tree.Grouping) -> Typed:
        """`GROUPING(…)`, which has no place without GROUP BY."""
        if self.clause is None:
            raise AthenaError(
                "MISSING_GROUP_BY",
                "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause",
            )
        raise self.not_scalar(node, self.clause)

    def not_scalar(self, node: tree.Node, clause: str) -> AthenaError:
        """What Trino says of an aggregate or a window function in a clause that takes neither."""
        message = f"{clause} cannot contain aggregations, window functions or grouping operations: [{text(node)}]"
        return error_at(self.root or node, "EXPRESSION_NOT_SCALAR", message)

    def aggregated(self, node: tree.Call, name: str) -> Typed:
        """The aggregate of its analysed arguments; `self` is the analyser of what it aggregates."""
        if node.nulls is not None:
            raise AthenaError("NULL_TREATMENT_NOT_ALLOWED", f"Cannot specify null treatment clause for {name} function")
        self.aggregate_around = node
        condition = None
        if node.condition is not None:
            condition = self.boolean(node.condition, "Filter expression")
        keys = [(self.analyse(item.key), direction(item)) for item in node.order_by]
        order_by = [(key, order) for key, order in keys if key.constant is NOT_CONSTANT]
        self.require_sorted_arguments(node)
        arguments = self.arguments(node)
        self.aggregate_around = None
        return functions.aggregate(name, arguments, distinct=node.distinct, order_by=order_by, condition=condition)

    def require_sorted_arguments(self, node: tree.Call) -> None:
        """With DISTINCT, an aggregate is ordered by its arguments only."""
        if node.distinct:
            for item in node.order_by:
                if item.key not in node.arguments:
                    message = "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments"
                    raise error_at(item, "EXPRESSION_NOT_IN_DISTINCT", message)

    # --- windows

    def _window_call(self, node: tree.Call, name: str, kind: str | None) -> Typed:
        if kind is None:
            raise AthenaError("FUNCTION_NOT_FOUND", f"Function '{name}' not registered")
        if kind == "scalar":
            raise AthenaError("FUNCTION_NOT_WINDOW", f"Not a window function: {name}")
        self._require_window_place(node)
        if node.distinct:
            message = f"DISTINCT in window function parameters not yet supported: {text(node)}"
            raise AthenaError("NOT_SUPPORTED", message)
        if node.condition is not None:
            raise AthenaError("NOT_SUPPORTED", "FILTER is not yet supported for window functions")
        if node.order_by:
            raise AthenaError("NOT_SUPPORTED", "Window function with ORDER BY is not supported")
        if node.nulls is not None and name not in _NULL_TREATMENT:
            raise AthenaError("NULL_TREATMENT_NOT_ALLOWED", f"Cannot specify null treatment clause for {name} function")
        assert node.over is not None
        self.window_around = "specification"
        over = window_sql(self, node.over, self.windows, name)
        self.window_around = "function arguments"
        arguments = self.arguments(node)
        self.window_around = None
        if kind == "aggregate":
            return functions.aggregate(name, arguments, over=over)
        return functions.window(name, arguments, over=over, ignore_nulls=node.nulls == "ignore")

    def _require_window_place(self, node: tree.Call) -> None:
        inside = None
        what = "Cannot nest window functions or row pattern measures inside"
        if self.window_around is not None:
            inside = f"{what} window {self.window_around}"
        elif self.aggregate_around is not None:
            inside = f"{what} aggregation '{self.aggregate_around.name}'"
        elif self.clause == "HAVING clause":
            inside = "HAVING clause cannot contain window functions or row pattern measures"
        if inside is not None:
            raise AthenaError("NESTED_WINDOW", inside)
        if self.clause is not None:
            raise self.not_scalar(node, self.clause)


def _plain(node: tree.Call) -> None:
    """Refuses what only aggregates take."""
    wrong = None
    if node.distinct:
        wrong = "DISTINCT is not supported for non-aggregation functions"
    elif node.condition is not None:
        wrong = "Filter is only valid for aggregation functions"
    elif node.order_by:
        wrong = "ORDER BY is only valid for aggregation functions"
    if wrong is not None:
        raise AthenaError("FUNCTION_NOT_AGGREGATE", wrong)


# --- functions that the grammar treats as forms


def _syntax(message: str) -> AthenaError:
    return AthenaError("SYNTAX_ERROR", message)


def _if(self: CallAnalyser, node: tree.Call) -> Typed:
    if len(node.arguments) not in (2, 3):
        raise _syntax("Invalid number of arguments for 'if' function")
    condition = self.boolean(node.arguments[0], "IF condition")
    results = self.values(node.arguments[1:])
    types = [result.type for result in results]
    if len(types) == 2 and common_type(*types) is None:
        raise AthenaError("TYPE_MISMATCH", f"Result types for IF must be the same: {types[0]} vs {types[1]}")
    return operators.case([(condition, results[0])], results[1] if len(results) == 2 else None)


def _coalesce(self: CallAnalyser, node: tree.Call) -> Typed:
    if len(node.arguments) < 2:
        raise _syntax("The 'coalesce' function must have at least two arguments")
    values = self.values(node.arguments)
    with misfit_located(node.arguments, values):
        return operators.coalesce(values)


def _nullif(self: CallAnalyser, node: tree.Call) -> Typed:
    if len(node.arguments) != 2:
        raise _syntax("Invalid number of arguments for 'nullif' function")
    return operators.nullif(*self.values(node.arguments))


def _try(self: CallAnalyser, node: tree.Call) -> Typed:
    if len(node.arguments) != 1:
        raise _syntax("The 'try' function must have exactly one argument")
    return operators.try_(self.analyse(node.arguments[0]))


def _format(self: CallAnalyser, node: tree.Call) -> Typed:
    if len(node.arguments) < 2:
        raise _syntax("The 'format' function must have at least two arguments")
    return functions.scalar("format", self.arguments(node))


def _now(self: CallAnalyser, node: tree.Call) -> Typed:
    if node.arguments:
        return functions.scalar("now", self.arguments(node))
    return operators.current("now", self.statement.session.now)


_FORMS: dict[str, Callable[[CallAnalyser, tree.Call], Typed]] = {
    "if": _if,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "try": _try,
    "format": _format,
    "now": _now,
}
