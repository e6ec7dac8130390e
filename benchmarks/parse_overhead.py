"""What the package adds to `dbt parse`, next to a stand-in for dbt_utils: CPU seconds and their ratio.

Each measurement is a `dbt parse` in a process of its own, forked from one that has imported dbt: the imports take three
quarters of the time, are the same for all, and would hide the differences in their noise. User and system time are
counted. The projects of a size are measured in turns, in one run, so that a slow machine is slow for all; what is
printed as added is the median of the differences within a turn. A full parse starts without saved state, a partial one
after a change of one model.

`package` adds the package with its on-run-start hook `check_run`; dbt pays for the first hook of a project, whatever
it does, so `without its hook` stands beside it. `stand-in` has another package instead, of the size of dbt_utils: 116
macros in 58 files, half of them dispatched to the other half, none documented, about 9,400 Jinja tokens. `ratio` is
what the package adds divided by what the stand-in adds.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from operator import sub
from pathlib import Path
from statistics import median

from dbt.cli.main import cli

from derived_tables.harness.dbt_run import QUIET
from derived_tables.harness.projects import Project, create_project

REPOSITORY = Path(__file__).resolve().parent.parent

VARIANTS = ("without", "package", "without its hook", "stand-in")
STAND_IN_FILES = 58
STAND_IN = """\
{{% macro helper_{number}(relation, columns=none, where=none) -%}}
  {{{{ return(adapter.dispatch("helper_{number}", "stand_in")(relation, columns, where)) }}}}
{{%- endmacro %}}

{{% macro default__helper_{number}(relation, columns=none, where=none) -%}}
  {{%- set wanted = columns | join(", ") if columns -%}}
  {{%- set chosen = columns or adapter.get_columns_in_relation(relation) | map(attribute="name") | list -%}}
  {{%- if not chosen -%}}
    {{%- do exceptions.raise_compiler_error("helper_{number} got no column of " ~ relation) -%}}
  {{%- endif -%}}
  select
  {{%- for column in chosen %}}
    {{{{ adapter.quote(column) }}}} as {{{{ column | lower }}}}{{{{ "," if not loop.last }}}}
  {{%- endfor %}}
  from {{{{ relation }}}}
  {{%- if where is not none %}}
  where {{{{ where }}}}
  {{%- endif %}}
{{%- endmacro %}}
"""


def write_stand_in(path: Path) -> None:
    """A package of the size of dbt_utils at `path`."""
    (path / "macros").mkdir(parents=True)
    (path / "dbt_project.yml").write_text("name: stand_in\nversion: 1.0.0\nconfig-version: 2\n", encoding="utf-8")
    for number in range(STAND_IN_FILES):
        (path / f"macros/helper_{number}.sql").write_text(STAND_IN.format(number=number), encoding="utf-8")


def generate(path: Path, *, models: int, variant: str) -> Project:
    """A project of `models` models in databases of up to 20, each with a property file and two tests."""
    files = {}
    for number in range(models):
        database = f"database_{number // 20}"
        name = f"{database}__table_{number}"
        folder = f"models/domain_{number // 200}/{database}"
        files[f"{folder}/{name}.sql"] = f"select {number} as id"
        files[f"{folder}/{name}.yml"] = f"""\
            models:
              - name: {name}
                description: Table {number}.
                config: {{tags: [daily]}}
                columns: [{{name: id, data_tests: [unique, not_null]}}]
            """
    package = REPOSITORY if variant in {"package", "without its hook"} else None
    config: dict[str, list[str]] = {} if variant == "package" else {"on-run-start": []}
    if variant == "stand-in":
        write_stand_in(path.with_name("stand_in"))
        files["packages.yml"] = "packages: [{local: ../stand_in}]"
    project = create_project(path, package=package, files=files, config=config)
    if variant != "without":
        project.dbt("deps").passed()
    return project


def parse(project: Project) -> None:
    """One `dbt parse`, as its command line does it."""
    where = ["--project-dir", str(project.path), "--profiles-dir", str(project.path)]
    os.chdir(project.path)
    os.environ.update(QUIET)
    sys.argv = ["dbt", "--quiet", "--log-path", str(project.path / "logs"), "parse", *where]
    cli()


def cpu_of_parse(project: Project) -> float:
    """User and system seconds of one `dbt parse` in a new process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = get_context("fork").Process(target=parse, args=[project])
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"`dbt parse` of {project.path} ended with {process.exitcode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def projects_of(models: int) -> Iterator[dict[str, Project]]:
    """The same project in each variant, in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield {name: generate(Path(folder) / name.replace(" ", "_"), models=models, variant=name) for name in VARIANTS}


def measure(models: int, rounds: int) -> dict[tuple[str, str], list[float]]:
    """CPU seconds by (kind of parse, project), `rounds` of each, taken in turns."""
    seconds: dict[tuple[str, str], list[float]] = {}
    with projects_of(models) as projects:
        for number in range(rounds):
            for name in VARIANTS[number % len(VARIANTS) :] + VARIANTS[: number % len(VARIANTS)]:
                project = projects[name]
                (project.path / "target/partial_parse.msgpack").unlink(missing_ok=True)
                seconds.setdefault(("full", name), []).append(cpu_of_parse(project))
                changed = project.path / "models/domain_0/database_0/database_0__table_0.sql"
                changed.write_text(f"select 0 as id -- {number}", encoding="utf-8")
                seconds.setdefault(("partial", name), []).append(cpu_of_parse(project))
    return seconds


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, nargs="+", default=[1, 200, 1000], help="sizes of the project")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each")
    options = parser.parse_args()

    print(f"| models | parse | {' | '.join(VARIANTS)} | ratio |")
    print(f"| ---: | --- | {'---: | ' * (len(VARIANTS) + 1)}".rstrip())
    for models in options.models:
        seconds = measure(models, options.rounds)
        for kind in ("full", "partial"):
            without, *others = (seconds[kind, name] for name in VARIANTS)
            added = [median(map(sub, other, without)) for other in others]
            columns = [f"{median(without):.2f}", *(f"{value:+.2f}" for value in added), f"{added[0] / added[-1]:.1f}"]
            print(f"| {models:,} | {kind} | {' | '.join(columns)} |", flush=True)


if __name__ == "__main__":
    main()
