"""Looks through trees, without going into the queries inside of expressions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from local_athena.dialect import functions
from local_athena.dialect.analysis.names import chain_of
from local_athena.dialect.syntax import tree

_MEMBERS: dict[type[tree.Node], tuple[str, ...]] = {}


def nodes_of(node: Any) -> Iterator[tree.Node]:
    """The node and all below it; a query is given, but not what is in it."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes_of(item)
    elif isinstance(node, tree.Node):
        yield node
        if not isinstance(node, tree.Query):
            for name in _members(node):
                yield from nodes_of(getattr(node, name))


def _members(node: tree.Node) -> tuple[str, ...]:
    """The names of what is below a node."""
    kind = type(node)
    if kind not in _MEMBERS:
        _MEMBERS[kind] = tuple(item.name for item in dataclasses.fields(node) if item.name != "at")
    return _MEMBERS[kind]


def columns_of(node: Any) -> Iterator[tuple[str, ...]]:
    """The names of columns in an expression, dots and all, outside of queries; no parameters of lambdas."""
    chain = chain_of(node) if isinstance(node, tree.Node) else None
    if chain is not None:
        yield chain
    elif isinstance(node, tuple):
        for item in node:
            yield from columns_of(item)
    elif isinstance(node, tree.LambdaOf):
        bound = {parameter.name for parameter in node.parameters}
        yield from (name for name in columns_of(node.body) if name[0] not in bound)
    elif isinstance(node, tree.Dereference):
        yield from columns_of(node.base)
    elif isinstance(node, tree.Node) and not isinstance(node, (tree.Query, tree.Name)):
        for name in _members(node):
            yield from columns_of(getattr(node, name))


def is_aggregate(node: tree.Node) -> bool:
    """Whether the node itself is an aggregate or a grouping operation."""
    if isinstance(node, tree.Grouping):
        return True
    return isinstance(node, tree.Call) and node.over is None and functions.kind(str(node.name)) == "aggregate"


def has_aggregate(node: Any) -> bool:
    """Whether an aggregate stands in the expressions."""
    return any(is_aggregate(found) for found in nodes_of(node))


def has_window(node: Any) -> bool:
    """Whether a window function stands in the expressions."""
    return any(isinstance(found, tree.Call) and found.over is not None for found in nodes_of(node))


def conjuncts(node: tree.Expression) -> Iterator[tree.Expression]:
    """The terms that must all be true."""
    if isinstance(node, tree.Logical) and node.operator == "and":
        for term in node.terms:
            yield from conjuncts(term)
    else:
        yield node
