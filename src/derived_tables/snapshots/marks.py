"""The views beside a table that say that it holds snapshots, and whose: `snapshot_append` makes them."""

from __future__ import annotations

import hashlib

from derived_tables.errors import must_be
from derived_tables.project.manifest import Node
from derived_tables.relation import Relation
from derived_tables.warehouse.interface import Warehouse


def mark_of(table: Relation, owner: str | None = None) -> Relation:
    """The view that marks a table, as the macro `_mark_of` names it; with an owner, the one that names the owner.

    Args:
        table: the table.
        owner: unique_id of a node.
    """
    digest = hashlib.md5((owner or "").encode(), usedforsecurity=False).hexdigest()[:8]
    return table.beside(f"{table.identifier}__dbt_snapshots{f'_of_{digest}' if owner else ''}")


def require_owner(warehouse: Warehouse, table: Relation, node: Node) -> None:
    """Looks whose snapshots a table holds; one without a mark is anybody's.

    Raises:
        RefusedError: they are another node's.
    """
    if warehouse.find(mark_of(table, node.unique_id)) is not None:
        return
    mark = mark_of(table)
    if warehouse.find(mark) is not None:
        owner = warehouse.query(f"select node from {mark}")[0][0]
        raise must_be(
            f"the node that makes {table.label}",
            f"`{owner}`, whose snapshots it holds",
            node.unique_id,
            f"Leave it out with `--exclude {node.name}`; or, to hand the snapshots over to it, drop the view {mark}.",
        )
