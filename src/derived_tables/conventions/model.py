"""What a convention is, and what breaking one looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from derived_tables.project.environment import Environment
from derived_tables.project.manifest import Node

Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Context:
    """What rules look at.

    Attributes:
        nodes: the project's own models, seeds and dbt snapshots that are checked, in any order.
        adapter: of the target, e.g. `athena`.
        environment: the environment that names are computed for.
        others: the nodes of packages.
        settings: what profiles.yml says of the target.
        dispatch: as in dbt_project.yml.
    """

    nodes: Sequence[Node]
    adapter: str
    environment: Environment
    others: Sequence[Node] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    dispatch: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, order=True)
class Finding:
    """What a rule says of one place.

    Attributes:
        path: the file, below the project's folder.
        line: from 1.
        problem: what is wrong.
        remedy: what to do.
    """

    path: str
    line: int
    problem: str
    remedy: str


@dataclass(frozen=True)
class Rule:
    """A convention.

    Attributes:
        id: e.g. `DT101`; never used for another rule.
        name: e.g. `names`.
        statement: the convention, in one sentence.
        why: what goes wrong without it.
        fix: what to do about a finding, in general.
        severity: how much a finding weighs unless the project says otherwise.
        check: finds what breaks it.
    """

    id: str
    name: str
    statement: str
    why: str
    fix: str
    severity: Severity
    check: Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True)
class Violation:
    """A finding, with the rule that it breaks.

    Attributes:
        rule: the rule.
        finding: the finding.
    """

    rule: Rule
    finding: Finding
