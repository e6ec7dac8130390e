"""JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT, JSON_ARRAY. All answers are those of Trino 435."""

from __future__ import annotations

import duckdb
import pytest

from local_athena.errors import AthenaError

from .support import answer

ANSWERS = {
    "json_value(null, 'lax $' default 'x' on empty)": None,
    "json_exists(null, 'lax $')": None,
    "json_query(cast(null as varchar), 'lax $' empty array on empty)": None,
    """json_query('{"b":1,"a":2}', 'lax $')""": '{"b":1,"a":2}',
    """json_query('{"b":1,"b":2}', 'lax $')""": '{"b":2}',
    """json_query('{"a": 1.50, "b":1e2}', 'lax $')""": '{"a":1.5,"b":100.0}',
    "json_query('9223372036854775808', 'lax $')": "9223372036854775808",
    "json_value('9223372036854775808', 'lax $')": None,
    """json_value('{"a":null}', 'lax $.a' default 'x' on empty)""": None,
    "json_value('1e2', 'lax $')": "1.0E2",
    "json_value('[1,2]', 'lax $[*]')": None,
    "json_value('true', 'lax $' returning boolean)": "true",
    "json_value('1.5', 'lax $' returning integer)": "2",
    """json_value('"2020-01-01"', 'lax $' returning date)""": "2020-01-01",
    """json_value('"x"', 'lax $' returning integer)""": None,
    """json_value('{"a":"12345"}', 'lax $.a' returning varchar(3))""": "123",
    """json_value('{"A":1}', 'lax $.a')""": None,
    """json_value('{"a b":1}', 'lax $."a b"')""": "1",
    """json_value('{"a":{"c":3}}', 'lax $.*.c')""": "3",
    "json_value('[10,20]', 'lax $[$I]' passing 1 as i)": "20",
    "json_value('7', 'lax $ + 1.50')": "8.50",
    "json_query('[7,2]', 'lax $[0] / $[1]')": "3",
    "json_query('7', 'lax $ / 2.0')": "3.5",
    "json_query('[1.50,1e2, 1.0]', 'lax $[*] + 1' with wrapper)": None,
    """json_query('[1,-2.5,"x"]', 'lax -$[0 to 1]' with wrapper)""": "[-1,2.5]",
    "json_query('[1,-2.5]', 'lax $.abs()' with wrapper)": "[1,2.5]",
    "json_query('[1,2]', 'lax $.type()')": '"array"',
    "json_query('[1,2,3]', 'lax $[last - 1]')": "2",
    "json_query('[3,4]', 'lax $[1.7]')": None,
    "json_query('[1,2]', 'lax $' with conditional wrapper)": "[1,2]",
    """json_query('{"a":{"b":[1,{"b":2}]}}', 'lax $..b' with wrapper)""": '[[1,{"b":2}],2]',
    "json_query('[1,2,3]', 'lax $[*] ? (@ == 2 || @ > 2 && !(@ < 1))' with wrapper)": "[2,3]",
    """json_query('[1,"a",null]', 'lax $[*] ? (@ == null)')""": "null",
    """json_exists('[1,"a"]', 'lax $[*] ? ((@ > 0) is unknown)')""": "true",
    """json_exists('"abc"', 'lax $ ? (@ starts with "a")')""": "true",
    "json_array()": "[]",
    "json_object()": "{}",
    "json_array('[1]' format json)": "[[1]]",
    """json_array(1, json_array(2), json_query('{"a":[1]}', 'lax $.a'))""": "[1,[2],[1]]",
    "json_object('a' : decimal '1.50', 'b' : 1e0, 'c': true, 'd': date '2020-01-01')": (
        '{"a":1.50,"b":1.0,"c":true,"d":"2020-01-01"}'
    ),
}

REFUSED = {
    """json_exists(json '{"a":1}', 'lax $.a')""": (
        "TYPE_MISMATCH",
        "line 1:20: Cannot read input of type json as JSON using formatting JSON",
    ),
    "json_value('[1,2]', 'lax $[*]' error on error)": (
        "JSON_VALUE_RESULT_ERROR",
        "cannot extract SQL scalar from JSON: JSON path found multiple items",
    ),
    """json_value('"x"', 'lax $' returning integer error on error)""": (
        "JSON_VALUE_RESULT_ERROR",
        "cannot extract SQL scalar from JSON: Cannot cast value of type varchar to declared return type of function"
        " JSON_VALUE: integer",
    ),
    "json_value('[1,2]', 'strict $[5]' error on error)": (
        "PATH_EVALUATION_ERROR",
        "path evaluation failed: structural error: invalid array subscript: [5, 5] for array of size 2",
    ),
    "json_value('1', 'lax $ / 0' error on error)": ("PATH_EVALUATION_ERROR", "path evaluation failed: "),
    """json_query('{"a":[{"b":1}]}', 'strict $.a.b' error on error)""": (
        "PATH_EVALUATION_ERROR",
        "path evaluation failed: invalid item type. Expected: OBJECT, actual: ARRAY",
    ),
    "json_value('{a', 'lax $' error on error)": ("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: "),
    "json_array('[1' format json)": ("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: "),
    "json_query('[1,2]', 'lax $[*]' error on error)": (
        "JSON_OUTPUT_CONVERSION_ERROR",
        "conversion from JSON failed: JSON path found multiple items",
    ),
    "json_value('[10,20]', 'lax $[$i]' passing 1 as i)": (
        "INVALID_PATH",
        'line 1:30: no value passed for parameter i. Try quoting "i" in the PASSING clause to match case',
    ),
    """json_query('"x"', 'lax $' with wrapper omit quotes)""": (
        "INVALID_FUNCTION_ARGUMENT",
        "line 1:8: OMIT QUOTES behavior specified with WITH UNCONDITIONAL ARRAY WRAPPER behavior",
    ),
    "json_object(1 : 1)": ("INVALID_FUNCTION_ARGUMENT", "line 1:20: Invalid type of JSON object key: integer"),
    "json_object('a' : null null on null, 'b' : 1)": (
        "SYNTAX_ERROR",
        "line 1:43: mismatched input ','. Expecting: ')', 'RETURNING', 'WITH', 'WITHOUT'",
    ),
    """json_exists('"abc"', 'lax $ ? (@ like_regex "a.c")')""": ("NOT_SUPPORTED", None),
    """json_query('"2020-01-01"', 'lax $.datetime()')""": ("NOT_SUPPORTED", None),
}


@pytest.mark.parametrize("expression", ANSWERS)
def test_answer(connection: duckdb.DuckDBPyConnection, expression: str) -> None:
    assert answer(connection, f"select {expression}").rows == [(ANSWERS[expression],)]


@pytest.mark.parametrize("expression", REFUSED)
def test_refusal(connection: duckdb.DuckDBPyConnection, expression: str) -> None:
    name, message = REFUSED[expression]
    with pytest.raises(AthenaError) as refused:
        answer(connection, f"select {expression}")
    assert refused.value.name == name
    assert message is None or refused.value.message == message


@pytest.mark.parametrize(
    "path",
    [
        "$.a",
        "lax",
        "lax a",
        "lax $.",
        "lax $[",
        "lax $[1",
        "lax $ ? @",
        "lax $ ? (@)",
        "lax $.a b",
        'lax "a',
        "lax $ ? (!@)",
    ],
)
def test_a_path_that_is_none_is_a_syntax_error(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    with pytest.raises(AthenaError) as refused:
        answer(connection, f"select json_exists('1', '{path}')")
    assert refused.value.name == "SYNTAX_ERROR"
    assert refused.value.message.startswith("line 1:25: ")
