"""Reads what a bill is made of: dbt.log, and Athena's executions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from derived_tables.costs.bill import Bill, bill_by_scan, bill_by_time, comment_of
from derived_tables.costs.price import price_per_tb
from derived_tables.project.artefacts import Run
from derived_tables.project.labels import Labels
from derived_tables.project.log import RunLog, Statement
from derived_tables.project.project import Project
from derived_tables.warehouse.aws import DeniedError
from derived_tables.warehouse.connect import connected
from derived_tables.warehouse.executions import EXECUTIONS_AT_ONCE, Execution, Executions
from derived_tables.warehouse.lake import Lake


class Steps(Protocol):
    """Is told how far something is."""

    def total(self, number: int) -> None:
        """How many steps there are."""

    def step(self) -> None:
        """One step is done."""


def read_bill(project: Project, run: Run, log: RunLog, labels: Labels, progress: Steps) -> Bill:
    """What a run cost: on Athena by what it scanned; elsewhere, how long it took.

    Args:
        project: with the target of the run.
        run: what dbt wrote of it.
        log: what dbt logged of it.
        labels: of the run's nodes.
        progress: gets a step for each call of Athena.

    Raises:
        RefusedError: var `price_per_tb` is no price.
        WarehouseError: Athena does not answer.
    """
    if project.target.type != "athena":
        return bill_by_time(run)
    per_tb = price_per_tb(project.variables)
    with connected(project.target) as warehouse:
        assert isinstance(warehouse, Lake)
        statements, gap = list(log.statements), log.gap
        ids = [each.id for each in statements]
        progress.total(-(-len(ids) // EXECUTIONS_AT_ONCE))
        found: dict[str, Execution] = {}
        for batch in warehouse.executions.batches(ids):
            found.update((each.id, each) for each in batch)
            progress.step()
        if gap:
            try:
                remembered = [each for each in _remembered(warehouse.executions, project, run) if each.id not in found]
            except DeniedError as error:
                gap = f"{gap}\n{error}"
            else:
                found.update((each.id, each) for each in remembered)
                statements += [Statement(each.id) for each in remembered]
                gap += (
                    f"\n{len(remembered):,} statements come from Athena's history instead: those with dbt's comment in "
                    "the work group and the time of the run. Other runs of the target at that time are among them."
                )
    return bill_by_scan(run, statements, found, per_tb, gap=gap, elsewhere=labels.python)


def _remembered(executions: Executions, project: Project, run: Run) -> Iterator[Execution]:
    """What Athena's history has of a run, as far as dbt's comment tells: it does not name the run."""
    nodes = {result.node for result in run.results}
    for each in executions.since(run.started):
        comment = comment_of(each.sql)
        is_of_dbt = comment.get("app") == "dbt" and comment.get("target_name") == project.target.name
        if is_of_dbt and each.submitted <= run.ended and comment.get("node_id", None) in (None, *nodes):
            yield each


def folders(project: Project, target_path: Path | None, log_path: Path | None) -> Sequence[Path]:
    """Where dbt wrote its artefacts and its log.

    Args:
        project: the project.
        target_path: what `--target-path` says; as for dbt, one that is relative begins at the project.
        log_path: what `--log-path` says.
    """
    return (project.project_dir / target_path if target_path else project.artefacts, log_path or project.logs)
