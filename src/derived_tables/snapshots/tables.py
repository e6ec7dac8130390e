"""Tables that hold snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from derived_tables.errors import FailedError, RefusedError, must_be
from derived_tables.project.manifest import Manifest, Node
from derived_tables.project.project import Project, Selection
from derived_tables.snapshots.marks import require_owner
from derived_tables.snapshots.values import DEFAULT_FORMATS, SnapshotDate, read_value
from derived_tables.warehouse.interface import Table, Warehouse

KEEPS = "snapshot_append"
_MAY_KEEP = (KEEPS, "incremental")


@dataclass(frozen=True)
class SnapshotTable:
    """A table that holds snapshots.

    Attributes:
        node: the model that it is made of.
        table: the table.
        column: its snapshot column, in lower case.
        formats: how texts and whole numbers in that column name dates.
    """

    node: Node
    table: Table
    column: str
    formats: tuple[str, ...]

    @property
    def is_own(self) -> bool:
        """Whether `snapshot_append` writes it; anything else would write beside files that wait for deletion."""
        return self.node.materialized == KEEPS

    @property
    def label(self) -> str:
        """As people name it."""
        return self.table.relation.label

    def read(self, value: object) -> SnapshotDate:
        """The date that a value of the snapshot column stands for.

        Raises:
            RefusedError: it is none.
        """
        return read_value(value, self.formats, self._where)

    def read_key(self, text: str) -> SnapshotDate:
        """The date that the value of a partition stands for; Glue has all values as texts.

        Raises:
            RefusedError: it is none.
        """
        type_ = self.table.columns[self.column].lower()
        if type_ == "date":
            found = read_value(text, ("%Y-%m-%d",), self._where)
            return SnapshotDate(found.day, text, f"date '{text}'")
        found = self.read(text)
        return SnapshotDate(found.day, text, text) if "int" in type_ else found

    @property
    def _where(self) -> str:
        return f"the column `{self.column}` of {self.label}"


@dataclass(frozen=True)
class Found:
    """What a selection of models comes to.

    Attributes:
        tables: the tables that hold snapshots, by name.
        unbuilt: models that keep snapshots and have no table yet.
        others: selected models that keep no snapshots.
    """

    tables: tuple[SnapshotTable, ...]
    unbuilt: tuple[Node, ...]
    others: tuple[Node, ...]


def find_tables(project: Project, warehouse: Warehouse, selection: Selection) -> Found:
    """The tables of the selected models that hold snapshots.

    A model with `snapshot_append` always counts; an incremental one counts if its table has a snapshot column that is
    called `snapshot_date`, or the model sets `snapshot_grain` or `snapshot_format`.

    Raises:
        RefusedError: no selected model keeps snapshots; or one lands in another environment, or where another node's
            snapshots are.
    """
    may_keep = [node for node in selection.models if node.materialized in _MAY_KEEP]
    tables: list[SnapshotTable] = []
    unbuilt: list[Node] = []
    others = [node for node in selection.models if node.materialized not in _MAY_KEEP]
    for node in may_keep:
        table = warehouse.find(project.require_own(node).relation)
        if table is None:
            unbuilt.append(node)
        elif node.materialized == KEEPS or _holds_snapshots(node, table):
            require_owner(warehouse, table.relation, node)
            tables.append(_snapshot_table(node, table))
        else:
            others.append(node)
    if not tables and not unbuilt:
        raise _none_selected(selection.manifest, others)
    return Found(tuple(tables), tuple(unbuilt), tuple(others))


def require_unmoved(warehouse: Warehouse, table: SnapshotTable) -> None:
    """Looks whether a table is still there, and where it was.

    Raises:
        FailedError: it is not.
    """
    found = warehouse.find(table.table.relation)
    if found is None or found.location != table.table.location or found.keys != table.table.keys:
        state = "has gone" if found is None else "is another table"
        raise FailedError(f"{table.label} {state} since it was looked at: nothing was changed, run this again.")


def _snapshot_table(node: Node, table: Table) -> SnapshotTable:
    if table.kind == "view" or (table.kind == "hive" and not table.keys):
        raise must_be(
            table.relation.label,
            "a table that is partitioned by its snapshot column",
            "a view" if table.kind == "view" else "a table without partitions",
            f"Run `{node.name}` again with `materialized: snapshot_append`, or leave it out with `--exclude`.",
        )
    column, possible = _column(node, table), _possible(node, table)
    if column not in possible:
        raise must_be(
            f"the snapshot column of {table.relation.label}",
            f"one of its columns ({', '.join(possible) or 'none'})",
            column,
            "The table is not what the model says: name the column first in `partitioned_by`.",
        )
    form = node.config.get("snapshot_format")
    return SnapshotTable(node, table, column, (str(form),) if form else DEFAULT_FORMATS)


def _holds_snapshots(node: Node, table: Table) -> bool:
    """Whether the dates of an incremental model are those of snapshots: many a fact table is partitioned by a date."""
    says_so = node.config.get("snapshot_grain") or node.config.get("snapshot_format")
    column = _column(node, table)
    return column in _possible(node, table) and bool(says_so or column == "snapshot_date")


def _column(node: Node, table: Table) -> str:
    configured = _partitioned_by(node.config.get("partitioned_by"))
    return [*configured, *table.keys, "snapshot_date"][0].lower()


def _possible(node: Node, table: Table) -> list[str]:
    if table.kind == "hive":
        return [key.lower() for key in table.keys]
    if table.kind == "iceberg":
        configured = [key.lower() for key in _partitioned_by(node.config.get("partitioned_by"))]
        return [key for key in configured if key in table.columns]  # not what is made of a column, e.g. `month(day)`
    return [name.lower() for name in table.columns] if table.kind == "duckdb" else []


def _partitioned_by(given: Any) -> Sequence[str]:
    return [given] if isinstance(given, str) else [str(each).strip() for each in given or []]


def _none_selected(manifest: Manifest, others: Iterable[Node]) -> RefusedError:
    keeping = ", ".join(sorted({node.name for node in manifest.models() if node.materialized == KEEPS}))
    got = ", ".join(sorted({node.name for node in others}))
    return must_be(
        "`--select`",
        "models that keep snapshots",
        got or None,
        f"Models that keep snapshots: {keeping or 'none'}.",
    )
