"""Comparisons of arrays, maps and rows, in which a null makes the answer unknown."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.operators.keys import key_sql
from local_athena.dialect.representation import field_names, quoted
from local_athena.dialect.snippets import depth, fail, once
from local_athena.types.model import DOUBLE, REAL, Array, Map, Row, Type

# Compares two expressions of one type: operator, left, right, type.
Compare = Callable[[str, str, str, Type], str]

ARRAY_NULL = fail("NOT_SUPPORTED", "ARRAY comparison not supported for arrays with null elements")
ROW_NULL = fail("NOT_SUPPORTED", "ROW comparison not supported for fields with null elements")

MACROS = (
    # False if one is false, else null if one is null.
    "trino_all_true(answers) AS (CASE WHEN list_contains(answers, FALSE) THEN FALSE"
    " WHEN list_count(answers) < length(answers) THEN NULL ELSE TRUE END)",
    # Position of the first elements that are not the same; 0 if there are none.
    "trino_first_difference(one, other) AS coalesce(list_position(list_transform(list_zip(one, other, TRUE),"
    " lambda pair: pair[1] IS NULL OR pair[2] IS NULL OR pair[1] <> pair[2]), TRUE), 0)",
)


def nested_equal(left: str, right: str, type_: Type, compare: Compare) -> str:
    """`=` of two containers; the expressions are cheap."""
    match type_:
        case Array(element):
            name = f"c{depth(type_)}"
            pairs = f"list_transform(list_zip({left}, {right}), lambda {name}: {{}})"
            answers = pairs.format(compare("=", f"{name}[1]", f"{name}[2]", element))
            return _unless_null(left, right, f"length({left}) <> length({right})", "FALSE", _all_true(answers))
        case Map(_, value):
            name = f"c{depth(type_)}"
            equal = compare("=", f"map_extract_value({left}, {name})", f"map_extract_value({right}, {name})", value)
            answers = f"list_transform(map_keys({left}), lambda {name}: {equal})"
            same_keys = f"list_has_all(map_keys({left}), map_keys({right}))"
            differ = f"NOT {same_keys} OR cardinality({left}) <> cardinality({right})"
            return _unless_null(left, right, differ, "FALSE", _all_true(answers))
        case Row(fields):
            names = map(quoted, field_names(type_))
            terms = (
                compare("=", f"{left}.{name}", f"{right}.{name}", field.type)
                for name, field in zip(names, fields, strict=True)
            )
            return f"({' AND '.join(terms)})"
    raise AssertionError(f"no container: {type_}")


def nested_less(operator: str, left: str, right: str, type_: Type, compare: Compare) -> str:
    """`<` or `<=` of two arrays or rows; a null where they are decided is an error."""
    if isinstance(type_, Array):
        differ = f"trino_first_difference({key_sql(left, type_)}, {key_sql(right, type_)})"
        known = f"{key_sql(left, type_)} {operator} {key_sql(right, type_)}"
        if isinstance(type_.element, (Array, Row)):
            first = once(differ, lambda at: compare("<", f"{left}[{at}]", f"{right}[{at}]", type_.element))
            known = f"(CASE WHEN {differ} BETWEEN 1 AND least(len({left}), len({right})) THEN {first} ELSE {known} END)"
        null = f"{left}[{differ}] IS NULL OR {right}[{differ}] IS NULL"
        return _unless_null(left, right, f"{differ} > 0 AND ({null})", ARRAY_NULL, known)
    assert isinstance(type_, Row), "what has an order"
    answer = "TRUE" if operator == "<=" else "FALSE"
    for name, field in reversed(list(zip(map(quoted, field_names(type_)), type_.fields, strict=True))):
        one, other = f"{left}.{name}", f"{right}.{name}"
        # Inside of rows NaN is greater than numbers.
        less = f"{one} < {other}" if field.type in (REAL, DOUBLE) else compare("<", one, other, field.type)
        same = f"{key_sql(one, field.type)} = {key_sql(other, field.type)}"
        answer = f"CASE WHEN {one} IS NULL OR {other} IS NULL THEN {ROW_NULL} WHEN {same} THEN {answer} ELSE {less} END"
    return _unless_null(left, right, "FALSE", "FALSE", answer)


def _all_true(answers: str) -> str:
    return once(answers, lambda each: f"trino_all_true({each})")


def _unless_null(left: str, right: str, condition: str, then: str, otherwise: str) -> str:
    return f"(CASE WHEN {left} IS NULL OR {right} IS NULL THEN NULL WHEN {condition} THEN {then} ELSE {otherwise} END)"
