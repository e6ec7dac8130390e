"""Opens what a verb works with: the project, the selected models, and their database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from derived_tables.cli.output import Output
from derived_tables.project.project import Options, Project, Selection, open_project
from derived_tables.warehouse.connect import connected
from derived_tables.warehouse.interface import Warehouse


@dataclass(frozen=True)
class Session:
    """What a verb works with.

    Attributes:
        project: the project.
        selection: the selected models.
        warehouse: the database of its target.
    """

    project: Project
    selection: Selection
    warehouse: Warehouse


@contextmanager
def opened(
    options: Options,
    output: Output,
    select: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    *,
    writes: bool = False,
) -> Iterator[Session]:
    """A session, as long as the block runs; prints the first line.

    Args:
        options: what a person typed.
        output: where the first line goes.
        select: models, in dbt's syntax.
        exclude: likewise.
        writes: whether the database is to be changed.

    Raises:
        RefusedError: there is no such project, target or model.
        WarehouseError: the database cannot be reached.
    """
    project = open_project(options)
    output.head(project.name, project.target.name, project.environment.name)
    with output.progress("Parsing the project"):
        selection = project.select(select or (), exclude or ())
    for part in selection.unmatched:
        output.remark(f"No model matches `{part}`.")
    with connected(project.target, writes=writes) as warehouse:
        yield Session(project, selection, warehouse)
