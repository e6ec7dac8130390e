"""`derived-tables conventions`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from derived_tables.cli import options as o
from derived_tables.cli.output import Output, count
from derived_tables.conventions.check import check as run_check
from derived_tables.conventions.check import choose_rules
from derived_tables.conventions.model import Context, Rule, Violation
from derived_tables.conventions.rules import RULES
from derived_tables.errors import must_be
from derived_tables.project.project import Options, open_project

app = typer.Typer(help="Conventions of the project: check them, and read what they are for.", no_args_is_help=True)

_Rules = Annotated[
    list[str] | None, typer.Option("--rule", metavar="RULE", help="Check this rule only, by id or name; repeatable.")
]


@app.command()
def check(
    rule: _Rules = None,
    select: o.Select = None,
    exclude: o.Exclude = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Checks the project's conventions; exits with 1 if one is broken.

    Bad names are findings here, not errors that end the parse. No database is asked.

        derived-tables conventions check --rule names
    """
    output = Output(form, quiet=quiet)
    rules = choose_rules(rule or ())
    project = open_project(Options(project_dir, profiles_dir, target, variables)).tolerating_bad_names()
    output.head(project.name, project.target.name, project.environment.name)
    with output.progress("Parsing the project"):
        selection = project.select_nodes(select or (), exclude or ())
    nodes = [node for node in selection.models if node.package == project.name]
    for part in selection.unmatched:
        output.remark(f"Nothing matches `{part}`.")
    if (select or exclude) and not nodes:
        raise must_be("the selection", "one with nodes of this project", "none", "Correct `--select` and `--exclude`.")
    others = [node for node in selection.manifest.nodes.values() if node.package != project.name]
    works_with = project.target
    context = Context(nodes, works_with.type, project.environment, others, works_with.settings, project.dispatch)
    violations = run_check(context, rules)
    for each in violations:
        output.say(_line(each))
    output.say(_verdict(len(violations), len(nodes)))
    output.document(
        checked=len(nodes),
        rules=[each.id for each in rules],
        violations=[_as_json(each) for each in violations],
    )
    raise typer.Exit(1 if violations else 0)


@app.command("list")
def list_(form: o.OutputFormat = o.Format.text) -> None:
    """Lists the rules.

    derived-tables conventions list
    """
    output = Output(form, quiet=True)
    output.table(
        ("rule", "name", "severity", "convention"),
        [(rule.id, rule.name, rule.severity, rule.statement) for rule in RULES],
        texts=4,
    )
    output.document(rules=[_described(rule) for rule in RULES])


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its id or name.")],
    form: o.OutputFormat = o.Format.text,
) -> None:
    """Explains a rule: what it asks for, why, and how to keep it.

    derived-tables conventions explain names
    """
    output = Output(form, quiet=True)
    [found] = choose_rules([rule], "RULE")
    output.say(f"{found.id}  {found.name}  {found.severity}\n{found.statement}\n\nWhy: {found.why}\n\nFix: {found.fix}")
    output.document(**_described(found))


def _line(each: Violation) -> str:
    found = each.finding
    return f"{found.path}:{found.line}  {each.rule.id}  {each.rule.severity}  {found.problem} → {found.remedy}"


def _verdict(broken: int, checked: int) -> str:
    nodes = count(checked, "node")
    return f"{nodes} checked, {count(broken, 'violation')} found" if broken else f"{nodes} checked, no violations"


def _as_json(each: Violation) -> dict[str, Any]:
    return {
        "path": each.finding.path,
        "line": each.finding.line,
        "rule": each.rule.id,
        "name": each.rule.name,
        "severity": each.rule.severity,
        "problem": each.finding.problem,
        "remedy": each.finding.remedy,
    }


def _described(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": rule.severity,
        "statement": rule.statement,
        "why": rule.why,
        "fix": rule.fix,
    }
