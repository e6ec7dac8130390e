"""Choosing rules, and the order in which violations are told."""

from __future__ import annotations

import re

import pytest
from unit.conventions.support import context, node

from derived_tables.conventions.check import check, choose_rules
from derived_tables.conventions.rules import RULES
from derived_tables.errors import RefusedError


def test_rules_are_chosen_by_id_or_name_and_keep_their_order() -> None:
    assert choose_rules([]) == RULES
    assert [rule.id for rule in choose_rules(["incremental-appends", "DT101", "names"])] == ["DT101", "DT501"]


def test_an_unknown_rule_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(RefusedError, match=r"(?s)`--rule` must be the id .*, got `DT999`\..*DT101 \(names\)"):
        choose_rules(["DT101", "DT999"])


def test_violations_are_told_by_file_and_rule() -> None:
    doubling = {"materialized": "incremental", "incremental_strategy": "append"}
    found = check(context(node("b.sql"), node("sales/a/A__a.sql", **doubling)), RULES)
    assert [(each.finding.path, each.rule.id) for each in found] == [
        ("models/b.sql", "DT101"),
        ("models/sales/a/A__a.sql", "DT101"),
        ("models/sales/a/A__a.sql", "DT501"),
    ]


def test_the_texts_of_rules_are_whole() -> None:
    """They are data, from which docs are made."""
    assert len({rule.id for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.id for rule in RULES] == sorted(rule.id for rule in RULES)
    for rule in RULES:
        assert re.fullmatch("DT[1-9][0-9]{2}", rule.id)
        assert re.fullmatch("[a-z]+(-[a-z]+)*", rule.name)
        for text in (rule.statement, rule.why, rule.fix):
            assert text[0].isupper() or text[0] == "`"
            assert text.endswith(".")
