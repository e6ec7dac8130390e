"""Rules of faults: their text, what they match, and when they strike."""

from __future__ import annotations

import pytest

from local_athena.faults import Faults, FaultSyntaxError, Point, Rule
from local_athena.protocol.api import ApiError
from local_athena.protocol.calls import Call
from local_athena.protocol.http import CutConnectionError

ORDERS = Call("glue", "CreateTable", {}, frozenset({"sales.orders"}))
PUT = Call("s3", "PutObject", {})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("cut:glue.CreateTable", Rule("cut", "glue.CreateTable")),
        ("after:cut:glue.CreateTable#2", Rule("cut", "glue.CreateTable", first=2, last=2, when="after")),
        ("throttle:athena.*#1-3", Rule("throttle", "athena.*", first=1, last=3)),
        ("before:crash:*.*#4-", Rule("crash", "*.*", first=4)),
        ("delay(250ms):glue.*@sales.*", Rule("delay", "glue.*", "sales.*", seconds=0.25)),
        ("delay(1.5s):s3.GetObject", Rule("delay", "s3.GetObject", seconds=1.5)),
        ("fail:s3.Put*", Rule("fail", "s3.Put*")),
        ("fail(AccessDenied):s3.Put*", Rule("fail", "s3.Put*", code="AccessDenied", status=400)),
        ("fail(SlowDown, 503):s3.Put*", Rule("fail", "s3.Put*", code="SlowDown", status=503)),
        ("kill(4711):athena.StopQueryExecution", Rule("kill", "athena.StopQueryExecution", pid=4711)),
    ],
)
def test_a_rule_has_a_text(text: str, rule: Rule) -> None:
    assert Rule.parse(text) == rule
    assert Rule.parse(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no fault"),
        ("nonsense", "is no fault"),
        ("cut:glue", "is no fault"),
        ("during:cut:glue.CreateTable", "is no fault"),
        ("cut:glue.CreateTable extra", "is no fault"),
        ("explode:glue.CreateTable", "explode is no action; there are fail, throttle, delay, cut, crash, kill"),
        ("cut:glue.CreateTable#0", "after # stands a number or a range"),
        ("cut:glue.CreateTable#two", "after # stands a number or a range"),
        ("cut:glue.CreateTable#3-2", "ends before it begins"),
        ("delay:glue.CreateTable", "say how long"),
        ("delay(5):glue.CreateTable", "say how long"),
        ("kill:glue.CreateTable", "say which process"),
        ("kill(0):glue.CreateTable", "say which process"),
        ("fail(A,200):glue.CreateTable", "a status from 400 to 599"),
        ("fail(A,B,C):glue.CreateTable", "write fail(CODE)"),
        ("cut(1):glue.CreateTable", "cut takes no arguments"),
    ],
)
def test_nonsense_is_refused(text: str, words: str) -> None:
    with pytest.raises(FaultSyntaxError) as error:
        Rule.parse(text)
    assert words in str(error.value)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize(
    ("rule", "call", "matches"),
    [
        (Rule("cut"), PUT, True),
        (Rule("cut", "glue.*"), ORDERS, True),
        (Rule("cut", "GLUE.createtable"), ORDERS, True),
        (Rule("cut", "glue.Create?able"), ORDERS, True),
        (Rule("cut", "glue.Create"), ORDERS, False),
        (Rule("cut", "*.*", "sales.orders"), ORDERS, True),
        (Rule("cut", "*.*", "*.ORDERS"), ORDERS, True),
        (Rule("cut", "*.*", "*.order"), ORDERS, False),
        (Rule("cut", "*.*", "*"), PUT, False),
    ],
)
def test_patterns(rule: Rule, call: Call, *, matches: bool) -> None:
    assert rule.matches(call) is matches


def _outcomes(faults: Faults, call: Call, times: int) -> str:
    """What a number of calls end with: `.` went well, `f` failed, `c` was cut; in capitals after the effect."""
    seen = ""
    for _ in range(times):
        effect = False
        try:
            with faults.around(call):
                effect = True
            seen += "."
        except ApiError:
            seen += "F" if effect else "f"
        except CutConnectionError:
            seen += "C" if effect else "c"
    return seen


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["fail:*.*"], "fffff"),
        (["fail:*.*#2"], ".f..."),
        (["after:fail:*.*#2-3"], ".FF.."),
        (["cut:*.*#4-"], "...cc"),
        (["after:cut:*.*#1"], "C...."),
        (["throttle:*.*#1", "after:cut:*.*#3"], "f.C.."),
        (["cut:s3.*"], "....."),
        (["delay(1ms):*.*", "fail:*.*#5"], "....f"),
    ],
)
def test_the_kth_call_is_struck(rules: list[str], expected: str) -> None:
    faults = Faults(crash=lambda: None)
    with faults.during(*rules) as active:
        assert _outcomes(faults, ORDERS, 5) == expected
        assert {entry.matched for entry in active if entry.rule.matches(ORDERS)} <= {5}
    assert _outcomes(faults, ORDERS, 1) == ".", "the rules have ended"


def test_counting_begins_when_a_rule_is_added() -> None:
    faults = Faults(crash=lambda: None)
    assert _outcomes(faults, ORDERS, 3) == "..."
    active = faults.add("fail:glue.*#2")
    assert _outcomes(faults, PUT, 3) == "...", "other calls do not count"
    assert _outcomes(faults, ORDERS, 3) == ".f."
    assert (active.matched, active.struck) == (3, 1)
    faults.clear()
    faults.remove(active)
    assert faults.active == []


def test_a_crash_calls_back() -> None:
    crashes: list[str] = []
    faults = Faults(crash=lambda: crashes.append("now"))
    faults.add("after:crash:*.*#2")
    assert _outcomes(faults, ORDERS, 2) == ".C"
    assert crashes == ["now"]


def test_a_trace_lists_the_points_of_a_run() -> None:
    faults = Faults(crash=lambda: None)
    with faults.trace() as points:
        _outcomes(faults, ORDERS, 2)
        _outcomes(faults, PUT, 1)
    _outcomes(faults, PUT, 1)
    assert [str(point) for point in points] == ["glue.CreateTable#1", "glue.CreateTable#2", "s3.PutObject#1"]
    assert points[0].tables == {"sales.orders"}
    rule = points[1].rule("fail(AccessDeniedException)", when="after")
    assert rule == Rule.parse("after:fail(AccessDeniedException):glue.CreateTable#2")


def test_a_sweep_strikes_each_point_once() -> None:
    points = [Point("glue.CreateTable", 1), Point("glue.CreateTable", 2), Point("s3.PutObject", 1)]
    seen = []
    for point in points:
        faults = Faults(crash=lambda: None)
        faults.add(point.rule("cut"))
        seen.append(_outcomes(faults, ORDERS, 2) + _outcomes(faults, PUT, 1))
    assert seen == ["c..", ".c.", "..c"]
