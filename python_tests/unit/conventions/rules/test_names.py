"""DT101: which names break it, what is said, and the path that is proposed."""

from __future__ import annotations

import pytest
from unit.conventions.support import context, node

from derived_tables.conventions.model import Finding
from derived_tables.conventions.names import expected_path, name_problems
from derived_tables.conventions.rules.names import NAMES
from derived_tables.project.manifest import Node

SUFFIX = "_dev_dbt"


@pytest.mark.parametrize(
    "good",
    [
        node("sales/orders/orders__daily.sql"),
        node("sales/orders/nested/deeper/orders__daily.sql"),
        node("sales/orders/orders__daily_2.csv", kind="seed"),
        node("sales/orders/history.yml/orders__history.sql", kind="snapshot", original="sales/orders/history.yml"),
        node("sales/orders/orders__daily.v2.sql", name="orders__daily", version=2),
        node("sales/orders/daily.sql", schema="finance", alias="Daily".lower()),
        node("sales/Anything At All.sql", schema="finance", alias="per__day"),
        node("sales/orders/orders__daily.sql", alias=" per_day "),
    ],
    ids=lambda good: good.path,
)
def test_good_names(good: Node) -> None:
    assert name_problems(good, SUFFIX) == []
    assert list(NAMES.check(context(good))) == []


@pytest.mark.parametrize(
    ("bad", "problem", "proposed"),
    [
        (node("sales/orders/daily.sql"), "has no `__`", "models/sales/orders/orders__daily.sql"),
        (node("sales/orders/orders__Daily.sql"), "upper", "models/sales/orders/orders__daily.sql"),
        (node("sales/orders/orders__per-day.sql"), "has a hyphen", "models/sales/orders/orders__per_day.sql"),
        (node("sales/orders/orders__a__b.sql"), "`__`", "models/sales/orders/orders__a_b.sql"),
        (
            node("sales/orders/returns__daily.sql"),
            "its name says database `returns`, its folder says `orders`",
            "models/sales/orders/orders__daily.sql",
        ),
        (node("orders__daily.sql"), "directly under its root folder", "models/<domain>/orders/orders__daily.sql"),
        (node("daily.sql"), "directly under its root folder", "models/<domain>/<database>/<database>__daily.sql"),
        (node("sales/orders__daily.sql"), "in a domain but in no", "models/sales/orders/orders__daily.sql"),
        (node("My Sales/orders/orders__a.sql"), "the folder `My Sales`", "models/my_sales/orders/orders__a.sql"),
        (node("census/census.vw_x.sql"), "has a dot", "models/census/census/census__vw_x.sql"),
        (node("sales/orders/orders__.sql"), "must be in snake case", "models/sales/orders/orders__unnamed.sql"),
        (node("sales/orders/orders__umsätze.sql"), "snake case", "models/sales/orders/orders__ums_tze.sql"),
        (node("s/air_ci_x/air_ci_x__a.sql"), "looks like", "models/s/<database>/<database>__a.sql"),
        (node("s/o/o__a.sql", schema="o_dbt_test__audit"), "looks like", "models/s/o/o__a.sql"),
        (node("s/o/o__a.sql", schema="fin.ance"), "must be in snake case", "models/s/o/o__a.sql"),
        (node("s/o/o__a.sql", alias="t" * 256), "has 256 characters", "models/s/o/o__a.sql"),
        (
            node("sales/orders/x.v2.sql", name="Daily", version=2),
            "upper",
            "models/sales/orders/orders__daily_v2.sql",
        ),
        (
            node("s/h/all.sql", kind="snapshot", name="orders"),
            "has no `__`",
            "snapshots/s/h/all.sql: h__orders",
        ),
    ],
    ids=lambda value: value.path if isinstance(value, Node) else "",
)
def test_bad_names(bad: Node, problem: str, proposed: str) -> None:
    [finding] = NAMES.check(context(bad))
    assert (finding.path, finding.line) == (bad.path, 1)
    assert problem in finding.problem
    is_config = proposed == bad.path
    assert finding.remedy == ("correct its `schema` and `alias`" if is_config else f"rename it to {proposed}")
    assert expected_path(bad) == proposed


def test_the_suffix_of_the_environment_counts() -> None:
    """Glue takes 255 characters."""
    fits, too_long = ("d" * (255 - len(SUFFIX) + more) for more in (0, 1))
    assert name_problems(node(f"sales/{fits}/{fits}__a.sql"), SUFFIX) == []
    [problem] = name_problems(node(f"sales/{too_long}/{too_long}__a.sql"), SUFFIX)
    assert "its database name has 256 characters" in problem


def test_several_problems_are_one_finding() -> None:
    [finding] = NAMES.check(context(node("Revenue-Daily.sql")))
    assert isinstance(finding, Finding)
    # Its place; no `__`; upper case; a hyphen.
    assert len(name_problems(node("Revenue-Daily.sql"), SUFFIX)) == 4
    assert finding.problem == "; ".join(name_problems(node("Revenue-Daily.sql"), SUFFIX))
