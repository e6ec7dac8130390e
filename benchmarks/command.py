"""What `derived-tables snapshots list --select <one model>` costs above dbt's own start: CPU seconds, medians.

Each measurement is a process of its own, as a person starts it, on a project on DuckDB that is parsed already and has
not changed since: `dbt ls` of the same model, `dbt parse`, and the command, taken in turns. User and system time are
counted; all three work on one core nearly all the time, so it is what a person waits for on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from parse_overhead import generate

from derived_tables.harness.dbt_run import QUIET
from derived_tables.harness.projects import Project
from derived_tables.harness.warehouses import snapshot_model

MODEL = "accounts__daily"
COMMANDS = {
    "dbt ls": ["dbt", "--quiet", "ls", "--select", MODEL],
    "dbt parse": ["dbt", "--quiet", "parse"],
    "snapshots list": ["derived-tables", "snapshots", "list", "--select", MODEL],
}


def cpu_of(project: Project, command: Sequence[str]) -> float:
    """User and system seconds of one command."""
    program = str(Path(sys.executable).with_name(command[0]))
    where = ["--project-dir", str(project.path), "--profiles-dir", str(project.path)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, *command[1:], *where],
        check=True,
        cwd=project.path,
        env={**os.environ, **QUIET},
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(models: int, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each command, `rounds` of each, taken in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        project = generate(Path(folder) / "project", models=models, variant="with")
        sql = snapshot_model("select 1 as id, {{ today }} as snapshot_date")
        project.write({f"models/finance/accounts/{MODEL}.sql": sql})
        project.dbt("run", "--select", MODEL).passed()
        for command in COMMANDS.values():
            cpu_of(project, command)  # parses in full, into the folders of dbt and of the command
        names = list(COMMANDS)
        for number in range(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                seconds[name].append(cpu_of(project, COMMANDS[name]))
    return seconds


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, nargs="+", default=[1, 200, 1000], help="sizes of the project")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each")
    options = parser.parse_args()

    print("| models | dbt ls, CPU s | dbt parse | snapshots list | above dbt ls |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for models in options.models:
        ls, parse, listed = (median(times) for times in measure(models, options.rounds).values())
        print(f"| {models:,} | {ls:.2f} | {parse:.2f} | {listed:.2f} | {listed - ls:+.2f} |", flush=True)


if __name__ == "__main__":
    main()
