"""Names that are written with dots."""

from __future__ import annotations

from local_athena.dialect.syntax import tree


def chain_of(node: tree.Node) -> tuple[str, ...] | None:
    """The parts of a name that is written with dots, in lower case; None if the expression is something else."""
    if isinstance(node, tree.Identifier):
        return (node.name,)
    if isinstance(node, tree.Dereference):
        base = chain_of(node.base)
        return None if base is None else (*base, node.field.name)
    return None
