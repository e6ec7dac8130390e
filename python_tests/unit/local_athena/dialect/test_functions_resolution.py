"""Which signature a call means. The answers are Trino 435's to the same calls."""

from __future__ import annotations

import pytest

from local_athena.dialect.functions.signatures import notation
from local_athena.dialect.functions.signatures.binding import LambdaBodies
from local_athena.dialect.functions.signatures.resolution import resolve, signature_text
from local_athena.dialect.typed import Lambda, Typed
from local_athena.errors import AthenaError
from local_athena.types.model import UNKNOWN, Type
from local_athena.types.parse import trino_type

_FUNCTIONS = {
    "abs": [f"abs({name}) -> {name}" for name in ("bigint", "double", "integer", "real", "smallint", "tinyint")]
    + ["abs(decimal(p,s)) -> decimal(p,s)"],
    "concat": [
        "concat(E, array(E)) -> array(E)",
        "concat(array(E)...) -> array(E)",
        "concat(array(E), E) -> array(E)",
        "concat(char(x), char(y)) -> char(u)",
        "concat(varbinary...) -> varbinary",
        "concat(varchar...) -> varchar",
    ],
    "element_at": ["element_at(array(e), bigint) -> e", "element_at(map(K,V), K) -> V"],
    "length": ["length(char(x)) -> bigint", "length(varbinary) -> bigint", "length(varchar(x)) -> bigint"],
    "greatest": ["greatest(E...) -> E for E:orderable"],
    "sequence": [
        "sequence(date, date, interval day to second) -> array(date)",
        "sequence(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))",
    ],
    "split_part": ["split_part(varchar(x), varchar(y), bigint) -> varchar(x)"],
    "sum": [
        "sum(bigint) -> bigint",
        "sum(double) -> double",
        "sum(decimal(p,s)) -> decimal(38,s)",
        "sum(interval day to second) -> interval day to second",
    ],
    "reduce": ["reduce(array(T), S, function(S,T,S), function(S,R)) -> R for T, S, R"],
    "any_match": ["any_match(array(t), function(t,boolean)) -> boolean"],
}


def _resolved(name: str, *arguments: str | Lambda) -> str:
    known = [notation.parse(text) for text in _FUNCTIONS[name]]
    given = [
        each if isinstance(each, Lambda) else Typed("x", UNKNOWN if each == "unknown" else trino_type(each))
        for each in arguments
    ]
    binding = resolve(name, known, given, LambdaBodies())
    return f"({', '.join(map(str, binding.parameters))}) -> {binding.result}"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("abs", ["integer"], "(integer) -> integer"),
        ("abs", ["decimal(5,2)"], "(decimal(5,2)) -> decimal(5,2)"),
        ("abs", ["unknown"], "(tinyint) -> tinyint"),
        ("concat", ["varchar(1)", "varchar(1)"], "(varchar, varchar) -> varchar"),
        ("concat", ["char(3)", "varchar(1)"], "(char(3), char(1)) -> None"),
        ("concat", ["varchar(1)", "unknown"], "(varchar(1), array(varchar(1))) -> array(varchar(1))"),
        ("concat", ["array(integer)", "bigint"], "(array(bigint), bigint) -> array(bigint)"),
        (
            "concat",
            ["array(integer)", "array(decimal(2,1))"],
            "(array(decimal(11,1)), array(decimal(11,1))) -> array(decimal(11,1))",
        ),
        ("element_at", ["unknown", "integer"], "(map(integer, unknown), integer) -> unknown"),
        ("element_at", ["array(varchar)", "integer"], "(array(varchar), bigint) -> varchar"),
        ("greatest", ["integer", "decimal(2,1)", "double"], "(double, double, double) -> double"),
        ("greatest", ["date", "timestamp(3)"], "(timestamp(3), timestamp(3)) -> timestamp(3)"),
        ("length", ["char(5)"], "(char(5)) -> bigint"),
        (
            "sequence",
            ["date", "timestamp(6)", "interval day to second"],
            "(timestamp(6), timestamp(6), interval day to second) -> array(timestamp(6))",
        ),
        ("split_part", ["unknown", "varchar(1)", "integer"], "(varchar(0), varchar(1), bigint) -> varchar(0)"),
        ("sum", ["integer"], "(bigint) -> bigint"),
        ("sum", ["real"], "(double) -> double"),
        ("sum", ["decimal(3,2)"], "(decimal(3,2)) -> decimal(38,2)"),
    ],
)
def test_chosen(name: str, arguments: list[str], expected: str) -> None:
    assert _resolved(name, *arguments) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("abs", ["varchar(1)"], "FUNCTION_NOT_FOUND"),
        ("abs", [], "FUNCTION_NOT_FOUND"),
        ("abs", ["integer", "integer"], "FUNCTION_NOT_FOUND"),
        ("concat", ["varchar(1)", "integer"], "FUNCTION_NOT_FOUND"),
        ("concat", ["array(integer)", "unknown"], "AMBIGUOUS_FUNCTION_CALL"),
        ("concat", ["unknown", "unknown"], "AMBIGUOUS_FUNCTION_CALL"),
        ("element_at", ["map(varchar(1),integer)", "integer"], "FUNCTION_NOT_FOUND"),
        ("greatest", [], "FUNCTION_NOT_FOUND"),
        ("greatest", ["map(integer,integer)"], "FUNCTION_NOT_FOUND"),
        ("split_part", ["char(3)", "varchar(1)", "integer"], "FUNCTION_NOT_FOUND"),
        ("sum", ["unknown"], "AMBIGUOUS_FUNCTION_CALL"),
    ],
)
def test_refused(name: str, arguments: list[str], error: str) -> None:
    with pytest.raises(AthenaError) as raised:
        _resolved(name, *arguments)
    assert raised.value.name == error


def _returns(*types: str, parameters: int) -> Lambda:
    """A lambda whose body has a type that depends on how often the state was widened."""
    left = [trino_type(text) for text in types]

    def body(_types: object, _names: object) -> Typed:
        return Typed("body", left.pop(0) if len(left) > 1 else left[0])

    return Lambda(tuple("abcdef"[:parameters]), body)


def test_a_lambda_widens_the_state() -> None:
    given = _resolved(
        "reduce", "array(integer)", "integer", _returns("bigint", parameters=2), _returns("bigint", parameters=1)
    )
    assert given.endswith("-> bigint")


def test_a_state_that_grows_without_end_is_refused() -> None:
    grows = _returns(*(f"decimal({digits},1)" for digits in range(12, 20)), parameters=2)
    with pytest.raises(AthenaError, match="does not converge after 4 iterations"):
        _resolved("reduce", "array(integer)", "integer", grows, _returns("integer", parameters=1))


@pytest.mark.parametrize("result", ["integer", "varchar(1)"])
def test_a_lambda_must_return_what_the_signature_says(result: str) -> None:
    with pytest.raises(AthenaError, match=r"Unexpected parameters \(array\(integer\), <function>\)"):
        _resolved("any_match", "array(integer)", _returns(result, parameters=1))


def test_a_lambda_takes_as_many_parameters_as_the_signature_says() -> None:
    with pytest.raises(AthenaError) as raised:
        _resolved("any_match", "array(integer)", _returns("boolean", parameters=2))
    assert raised.value.reason == "INVALID_PARAMETER_USAGE: Expected a lambda that takes 1 argument(s) but got 2"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("map_agg(k, v) -> map(k,v) for K:comparable", "map_agg(k, v) K:comparable, V"),
        ("concat(varchar...) -> varchar", "concat(varchar)"),
        ("regexp_like(varchar(x), joniregexp) -> boolean", "regexp_like(varchar(x), joniregexp)"),
        ("now() -> timestamp(3) with time zone", "now()"),
        ("f(timestamp(p) with time zone) -> bigint", "f(timestamp(p) with time zone)"),
        ("zip_with(array(T), function(T,R)) -> array(R) for T, R", "zip_with(array(T), function(T,R)) T, R"),
    ],
)
def test_shown_as_trino_shows_it(text: str, shown: str) -> None:
    assert notation.parse(text).shown == shown


def test_what_is_no_signature_is_refused() -> None:
    with pytest.raises(ValueError, match="no signature"):
        notation.parse("abs(bigint)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("map(integer, array(varchar(1)))", "map(integer,array(varchar(1)))"),
        ("row(x bigint, varchar)", 'row("x" bigint,varchar)'),
        ("decimal(10, 2)", "decimal(10,2)"),
    ],
)
def test_types_in_messages(text: str, shown: str) -> None:
    type_: Type = trino_type(text)
    assert signature_text(type_) == shown
