"""Expressions as Trino prints them in its messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import isinf
from typing import Any

from local_athena.dialect.syntax import tree


def text(node: tree.Node) -> str:
    """The expression in Trino's words, e.g. `(x + 1)`, `sum(DISTINCT x)`."""
    return _WRITERS[type(node)](node)


def _list(nodes: Iterable[tree.Node]) -> str:
    return ", ".join(text(node) for node in nodes)


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _identifier(node: tree.Identifier) -> str:
    return '"' + node.value.replace('"', '""') + '"' if node.quoted else node.value


def _name(node: tree.Name) -> str:
    return ".".join(map(_identifier, node.parts))


def _number(node: tree.Number) -> str:
    """A double is written with an exponent, by as few digits as tell it from others."""
    plain = node.text.replace("_", "")
    if plain.lstrip("-").isdigit() or not (set(plain) <= set("-.0123456789eE+")):
        return node.text
    value = float(plain)
    if isinf(value):
        return "∞" if value > 0 else "-∞"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    whole, fraction = digits[0], "".join(map(str, digits[1:]))
    point = f".{fraction}" if fraction else ""
    return f"{'-' if sign else ''}{whole}{point}E{exponent + len(fraction) if value else 0}"


def _interval(node: tree.Interval) -> str:
    sign = "- " if node.negative else ""
    to_unit = f" TO {node.to_unit.upper()}" if node.to_unit else ""
    return f"INTERVAL {sign}{_quote(node.text)} {node.unit.upper()}{to_unit}"


def _current(node: tree.Current) -> str:
    return node.what.upper() + ("" if node.precision is None else f"({node.precision})")


def _compare(node: tree.Compare) -> str:
    return f"({text(node.left)} {node.operator.upper()} {text(node.right)})"


def _not(node: tree.Not) -> str:
    if isinstance(node.value, tree.IsNull):
        return f"({text(node.value.value)} IS NOT NULL)"
    return f"(NOT {text(node.value)})"


def _logical(node: tree.Logical) -> str:
    return "(" + f" {node.operator.upper()} ".join(map(text, node.terms)) + ")"


def _like(node: tree.Like) -> str:
    escape = f" ESCAPE {text(node.escape)}" if node.escape else ""
    return f"({text(node.value)} LIKE {text(node.pattern)}{escape})"


def _case(node: tree.Case) -> str:
    operand = f" {text(node.operand)}" if node.operand else ""
    whens = "".join(f" WHEN {text(when.condition)} THEN {text(when.result)}" for when in node.whens)
    default = f" ELSE {text(node.default)}" if node.default else ""
    body = f"CASE{operand}{whens}{default} END"
    return body if node.operand is None else f"({body})"


def _cast(node: tree.Cast) -> str:
    return f"{'TRY_CAST' if node.safe else 'CAST'}({text(node.value)} AS {node.type_text})"


def _lambda(node: tree.LambdaOf) -> str:
    return f"({', '.join(map(_identifier, node.parameters))}) -> {text(node.body)}"


def sort_item(item: tree.SortItem) -> str:
    """A key of ORDER BY."""
    nulls = " NULLS FIRST" if item.nulls_first else ""
    return f"{text(item.key)} {'DESC' if item.descending else 'ASC'}{nulls}"


def _bound(bound: tree.FrameBound) -> str:
    return (f"{text(bound.offset)} " if bound.offset else "") + bound.kind.upper()


def _frame(frame: tree.Frame) -> str:
    if frame.end is None:
        return f"{frame.unit.upper()} {_bound(frame.start)}"
    return f"{frame.unit.upper()} BETWEEN {_bound(frame.start)} AND {_bound(frame.end)}"


def _window(window: tree.Window | tree.Identifier) -> str:
    if isinstance(window, tree.Identifier):
        return _identifier(window)
    parts = [_identifier(window.base)] if window.base else []
    if window.partition_by:
        parts.append(f"PARTITION BY {_list(window.partition_by)}")
    if window.order_by:
        parts.append(f"ORDER BY {', '.join(map(sort_item, window.order_by))}")
    if window.frame:
        parts.append(_frame(window.frame))
    return f"({' '.join(parts)})"


def _call(node: tree.Call) -> str:
    arguments = "*" if node.star else _list(node.arguments)
    distinct = "DISTINCT " if node.distinct else ""
    order_by = f" ORDER BY {', '.join(map(sort_item, node.order_by))}" if node.order_by else ""
    result = f"{_name(node.name)}({distinct}{arguments}{order_by})"
    if node.condition:
        result += f" FILTER (WHERE {text(node.condition)})"
    if node.nulls:
        result += f" {node.nulls.upper()} NULLS"
    return result if node.over is None else f"{result} OVER {_window(node.over)}"


_WRITERS: dict[type[tree.Node], Callable[[Any], str]] = {
    tree.Identifier: _identifier,
    tree.Dereference: lambda node: f"{text(node.base)}.{_identifier(node.field)}",
    tree.Number: _number,
    tree.String: lambda node: _quote(node.value),
    tree.Binary: lambda node: f"X'{node.digits}'",
    tree.Boolean: lambda node: str(node.value).lower(),
    tree.Null: lambda _: "null",
    tree.TypedLiteral: lambda node: f"{node.type_name} {_quote(node.text)}",
    tree.Interval: _interval,
    tree.Parameter: lambda _: "?",
    tree.Current: _current,
    tree.Unary: lambda node: f"{node.operator}{text(node.value)}",
    tree.Arithmetic: lambda node: f"({text(node.left)} {node.operator} {text(node.right)})",
    tree.Concat: lambda node: f"({text(node.left)} || {text(node.right)})",
    tree.AtTimeZone: lambda node: f"{text(node.value)} AT TIME ZONE {text(node.zone)}",
    tree.Compare: _compare,
    tree.Quantified: lambda node: f"{text(node.value)} {node.operator} {node.quantifier.upper()} (…)",
    tree.Not: _not,
    tree.Logical: _logical,
    tree.IsNull: lambda node: f"({text(node.value)} IS NULL)",
    tree.Between: lambda node: f"({text(node.value)} BETWEEN {text(node.low)} AND {text(node.high)})",
    tree.InList: lambda node: f"({text(node.value)} IN ({_list(node.options)}))",
    tree.InQuery: lambda node: f"({text(node.value)} IN (…))",
    tree.Like: _like,
    tree.Exists: lambda _: "(EXISTS (…))",
    tree.Subquery: lambda _: "(…)",
    tree.Case: _case,
    tree.Cast: _cast,
    tree.Extract: lambda node: f"EXTRACT({node.field.upper()} FROM {text(node.value)})",
    tree.Subscript: lambda node: f"{text(node.value)}[{text(node.index)}]",
    tree.ArrayOf: lambda node: f"ARRAY[{_list(node.elements)}]",
    tree.RowOf: lambda node: f"ROW ({_list(node.fields)})",
    tree.LambdaOf: _lambda,
    tree.Grouping: lambda node: f"GROUPING ({_list(node.columns)})",
    tree.JsonPathCall: lambda node: f"{node.name.upper()}({text(node.source.value)}, {text(node.path)})",
    tree.JsonBuild: lambda node: f"{node.name.upper()}({_list(member.value.value for member in node.members)})",
    tree.Call: _call,
}
