"""Regular expressions: RE2 and Python answer alike, and what neither can do is refused."""

from __future__ import annotations

import duckdb
import pytest

from local_athena.dialect.functions.regexps.patterns import pattern
from local_athena.errors import AthenaError

from .support import answer

_TEXTS = ("", "a", "abc", "aab", "a-b_c", "x1y22z333", "A b\tc", "a\nb", "b\n", "héé", "👍a", "foo.bar/baz", "{}[]")
_PATTERNS = [
    *["a", "^a", "b$", "[a-c]+", "[^a-c]", r"\d+", r"\D+", r"\w+", r"\W", r"\s", r"\S+", r"\bb", "(a)(b)?", "(a|b)c?"],
    *["a+?b", "(?i)A", "(?s)a.b", "(?m)^b", r"\.", r"[\w.-]+", r"[\]\[]", r"\p{L}+", r"\p{Alpha}", "[[:digit:]]+"],
    *["x?", "a{1,2}", r"\Qa-b\E", r"(?<y>\d{4})-(?<m>\d\d)", r"[^\s/]+$", r"\x61", "é+", "[é-ü]", r"(?:foo|bar)\W"],
]
_NATIVE = [r"a", r"[a-c]+", r"\d+", r"(a|b)c?", r"(?<y>\d{4})-(?<m>\d\d)", r"(?i)A", r"\p{L}+", r"b$"]
_REFUSED = [r"[a&&b]", r"[[a]]", r"\h", r"\R", r"\G", r"(?x)a", r"a(?i)b", r"\p{Greek}", r"a**", r"^a{1,2}+", r"\141"]
_CALLS = (
    "regexp_like(x, p)",
    "regexp_extract(x, p)",
    "regexp_extract_all(x, p)",
    "regexp_count(x, p)",
    "regexp_split(x, p)",
    "regexp_replace(x, p)",
    "regexp_replace(x, p, '<$0>')",
)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("expression", _PATTERNS)
def test_constant_patterns_answer_as_columns_do(connection: duckdb.DuckDBPyConnection, expression: str) -> None:
    """DuckDB's engine runs a constant pattern if it can, Python's one from a column."""
    rows = ", ".join(f"({number}, {_quoted(text)}, {_quoted(expression)})" for number, text in enumerate(_TEXTS))
    for call in _CALLS:
        constant = call.replace(", p", f", {_quoted(expression)}")
        given = answer(connection, f"select x, {call}, {constant} from (values {rows}) t(n, x, p) order by n")
        for text, by_python, by_duckdb in given.rows:
            assert by_duckdb == by_python, (call, text)


@pytest.mark.parametrize("expression", _NATIVE)
def test_everyday_patterns_run_in_duckdb(expression: str) -> None:
    assert pattern(expression).native is not None


@pytest.mark.parametrize("expression", ["(?=a)", "(?<!a)b", r"(a)\1"])
def test_what_re2_does_not_have_runs_in_python(expression: str) -> None:
    assert pattern(expression).native is None


@pytest.mark.parametrize("expression", _REFUSED)
def test_what_neither_has_is_refused(expression: str) -> None:
    with pytest.raises(AthenaError) as raised:
        pattern(expression)
    assert raised.value.name == "NOT_SUPPORTED"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("(", "end pattern with unmatched parenthesis"),
        ("a)", "unmatched close parenthesis"),
        ("[b", "premature end of char-class"),
        ("[z-a]", "empty range in char class"),
        ("*a", "target of repeat operator is not specified"),
        ("a{2,1}", "upper is smaller than lower in repeat range"),
        ("\\", "end pattern at escape"),
        ("(?z)a", "undefined group option"),
        ("(?P<x>a)", "undefined group option"),
        ("(?<a", "end pattern with unmatched parenthesis"),
        (r"(a)\2", "invalid backref number/name"),
    ],
)
def test_malformed(expression: str, message: str) -> None:
    """The messages are Trino 435's."""
    with pytest.raises(AthenaError) as raised:
        pattern(expression)
    assert raised.value.reason == f"INVALID_FUNCTION_ARGUMENT: {message}"
