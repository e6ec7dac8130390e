"""Checks the conventions of a project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derived_tables.conventions.model import Context, Rule, Violation
from derived_tables.conventions.rules import RULES
from derived_tables.errors import must_be


def choose_rules(given: Iterable[str], argument: str = "--rule") -> tuple[Rule, ...]:
    """The rules of some ids or names; without any, all.

    Args:
        given: ids and names.
        argument: where they were given, for errors.

    Raises:
        RefusedError: there is no such rule.
    """
    by_word = {word: rule for rule in RULES for word in (rule.id, rule.name)}
    wanted = list(given)
    for word in wanted:
        if word not in by_word:
            known = ", ".join(f"{rule.id} ({rule.name})" for rule in RULES)
            raise must_be(f"`{argument}`", "the id or the name of a rule", word, f"Rules: {known}.")
    chosen = {by_word[word].id for word in wanted}
    return tuple(rule for rule in RULES if not chosen or rule.id in chosen)


def check(context: Context, rules: Sequence[Rule]) -> list[Violation]:
    """What breaks the rules, by file, line and rule."""
    found = [Violation(rule, finding) for rule in rules for finding in rule.check(context)]
    return sorted(found, key=lambda each: (each.finding.path, each.finding.line, each.rule.id, each.finding.problem))
