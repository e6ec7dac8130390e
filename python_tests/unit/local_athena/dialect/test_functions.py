"""Functions: what Trino answered, and that every name and signature of Trino is accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from local_athena.dialect import functions
from local_athena.dialect.functions.names import NAMES
from local_athena.dialect.functions.registry import KINDS, modules, overloads, special
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import BIGINT, Map, Row

from .answered import Answered, answered, check
from .support import answer

_HERE = Path(__file__).parent
# What Trino 435 says it expects, when it is called with what fits nothing: the text behind `Expected: `.
_SIGNATURES: dict[str, str] = json.loads((_HERE / "trino_signatures.json").read_text("utf-8"))
_ROWS: list[dict[str, Any]] = yaml.safe_load((_HERE / "answers" / "functions_rows.yml").read_text("utf-8"))
# Trino's grammar, not its signatures, says how these are called.
_OF_THE_GRAMMAR = {"listagg", "normalize", "trim"}
_HAD = sorted({name for kind in KINDS for name in overloads(kind)})


@answered(
    "functions_strings",
    "functions_numbers",
    "functions_collections",
    "functions_regexps",
    "functions_binaries",
    "functions_json",
    "functions_format",
)
def test_as_trino_answered(unoptimized: duckdb.DuckDBPyConnection, case: Answered) -> None:
    check(unoptimized, case)


@pytest.mark.parametrize("case", _ROWS, ids=[case["sql"][:100] for case in _ROWS])
def test_rows_as_trino_answered(connection: duckdb.DuckDBPyConnection, case: dict[str, Any]) -> None:
    given = answer(connection, case["sql"])
    assert [kind.replace(", ", ",") for _, kind in given.columns] == case["types"]
    assert [list(row) for row in given.rows] == case["rows"]


@pytest.mark.parametrize("name", [name for name in _HAD if name not in _OF_THE_GRAMMAR])
def test_signatures_are_trinos(name: str) -> None:
    shown = {overload.signature.shown for kind in KINDS for overload in overloads(kind).get(name, ())}
    assert ", ".join(sorted(shown)) == _SIGNATURES[name]


@pytest.mark.parametrize("kind", KINDS)
def test_only_functions_of_trino(kind: str) -> None:
    assert set(overloads(kind)) <= NAMES[kind]
    assert set(special()) <= NAMES["scalar"]


def test_no_module_defines_a_function_twice() -> None:
    for kind in KINDS.values():
        texts = [text for module in modules() for text in getattr(module, kind, ())]
        assert len(texts) == len(set(texts))


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in sorted(NAMES[kind] - set(_HAD))])
def test_what_is_not_emulated_is_refused(kind: str, name: str) -> None:
    if name in special():
        return
    assert functions.kind(name) == kind
    with pytest.raises(AthenaError) as raised:
        functions.scalar(name, [Typed("1", BIGINT)]) if kind == "scalar" else functions.aggregate(name, [])
    assert raised.value.reason == f"NOT_SUPPORTED: Function '{name}' is not emulated by the local Athena"


@pytest.mark.parametrize("name", ["len", "ifnull", "nvl", "list_transform", "arg_max", "trino_upper", ""])
def test_what_trino_does_not_have_is_unknown(name: str) -> None:
    assert functions.kind(name) is None
    with pytest.raises(AthenaError) as scalar:
        functions.scalar(name, [])
    with pytest.raises(AthenaError) as aggregate:
        functions.aggregate(name, [])
    expected = f"FUNCTION_NOT_FOUND: Function '{name}' not registered"
    assert (scalar.value.reason, aggregate.value.reason) == (expected, expected)


@pytest.mark.parametrize("name", [name for name in _HAD if functions.kind(name) == "scalar" and name in _SIGNATURES])
def test_arguments_that_fit_nothing_are_refused(name: str) -> None:
    with pytest.raises(AthenaError) as raised:
        functions.scalar(name, [*[Typed("NULL", Row(()))] * 8, Typed("NULL", Map(BIGINT, BIGINT))])
    given = "row(), " * 8 + "map(bigint,bigint)"
    expected = f"Unexpected parameters ({given}) for function {name}. Expected: {_SIGNATURES[name]}"
    assert raised.value.reason == f"FUNCTION_NOT_FOUND: {expected}"


def test_an_aggregate_is_one() -> None:
    over = functions.aggregate("sum", [Typed("x", BIGINT)], over="(ORDER BY x)")
    grouped = functions.aggregate("sum", [Typed("x", BIGINT)], distinct=True, condition=Typed("y", BIGINT))
    assert (over.aggregate, over.window) == (False, True)
    assert (grouped.aggregate, grouped.window) == (True, False)
    assert functions.scalar("abs", [grouped]).aggregate
    assert functions.scalar("typeof", [grouped]).aggregate
