"""Functions of text.

Source: https://trino.io/docs/current/functions/string.html
"""

from __future__ import annotations

from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import each, invalid, invalid_text, joined
from local_athena.dialect.representation import literal
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import Char, Type, Varchar

_LONGEST = 2147483647
# What Character.isWhitespace of Java says of each character.
_WHITESPACE = (
    "".join(map(chr, [*range(9, 14), *range(28, 33), 0x1680, *range(0x2000, 0x2007), *range(0x2008, 0x200B)]))
    + "\u2028\u2029\u205f\u3000"
)
_BLANKS = literal(_WHITESPACE)
# What a text without its outer spaces looks like if it has no other white space there, which takes longer to remove.
_CLEAN = {"trim": "(?s)([!-~](.*[!-~])?)?", "ltrim": "(?s)([!-~].*)?", "rtrim": "(?s)(.*[!-~])?"}
_PADDED = "rpad({0}, {x}, ' ')"


_BAD_SIZE = invalid_text(f"Target length must be in the range [0..{_LONGEST}]")
_NO_PADDING = invalid_text("Padding string must not be empty")
_NO_CODE_POINT = invalid("'Not a valid Unicode code point: ' || {0}")
_SINGLE = invalid_text("Input string must be a single character string")
_POSITIVE_INDEX = invalid_text("Index must be greater than zero")
_NO_DELIMITER = invalid_text("The delimiter may not be the empty string")
_FAR = "CASE WHEN {1} > 4294967295 THEN 4294967295 ELSE {1} END"
_LONG = "CASE WHEN {2} > 4294967295 THEN 4294967295 ELSE {2} END"
# The only letter that DuckDB makes larger and Java does not waits as a character that no text has.
_UPPER = "replace(upper(replace({0}, 'ß', chr(1114111))), chr(1114111), 'ß')"
_CHR = (
    "CASE WHEN {0} BETWEEN 0 AND 55295 OR {0} BETWEEN 57344 AND 1114111 THEN chr({0}::INTEGER) "
    f"WHEN {{0}} IS NOT NULL THEN {_NO_CODE_POINT} END"
)
_CODEPOINT = f"CASE WHEN {{0}} = '' THEN {_SINGLE} ELSE unicode({{0}}) END"
_SUBSTRINGS = {
    1: f"CASE WHEN $ IS NULL THEN NULL WHEN {{1}} = 0 OR {{1}} < -length($) THEN '' ELSE substring($, {_FAR}) END",
    2: "CASE WHEN $ IS NULL OR {1} IS NULL OR {2} IS NULL THEN NULL "
    f"WHEN {{1}} = 0 OR {{1}} < -length($) OR {{2}} <= 0 THEN '' ELSE substring($, {_FAR}, {_LONG}) END",
}
_REPLACE = (
    "CASE WHEN {0} = '' AND {1} = '' THEN {2} WHEN {1} = '' "
    "THEN {2} || array_to_string(list_transform(string_split({0}, ''), lambda c: c || {2}), '') "
    "ELSE replace({0}, {1}, {2}) END"
)
# DuckDB reverses what a reader sees as a character, Trino code points.
_REVERSE = (
    "CASE WHEN strlen({0}) = length({0}) THEN reverse({0}) "
    "ELSE array_to_string(list_reverse(string_split({0}, '')), '') END"
)
_PAD = (
    f"CASE WHEN {{1}} < 0 OR {{1}} > {_LONGEST} THEN {_BAD_SIZE} WHEN {{2}} = '' THEN {_NO_PADDING} "
    "ELSE $({0}, {1}::INTEGER, {2}) END"
)
_SPLIT = f"CASE WHEN {{1}} = '' THEN {_NO_DELIMITER} WHEN {{1}} IS NOT NULL THEN string_split({{0}}, {{1}}) END"
_SPLIT_PART = (
    "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN {0} = '' AND {1} = '' AND {2} > 0 THEN NULL "
    f"WHEN {{2}} <= 0 THEN {_POSITIVE_INDEX} ELSE string_split({{0}}, {{1}})[{{2}}] END"
)


def _concat(call: Call) -> str:
    if len(call.arguments) < 2:
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments")
    return " || ".join(call.sqls)


def _concat_char(call: Call) -> Typed:
    first, second = (call.typed(index).type for index in (0, 1))
    if not isinstance(first, Char) or not isinstance(second, Char):
        raise TypeError("concat of char takes char")
    if first.length + second.length > 65536:
        raise AthenaError("TYPE_NOT_FOUND", f"Unknown type: char({first.length + second.length})")
    return Typed(call.filled("(rtrim(rpad({0}, {x}, ' ') || {1}, ' '))"), Char(first.length + second.length))


def _concat_ws(call: Call) -> str:
    if len(call.arguments) < 2:
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", "There must be two or more arguments")
    return call.filled("concat_ws({all})")


def _substring(call: Call) -> str:
    """A start above zero and a length of zero or more mean the same in DuckDB; others do not."""
    text = _PADDED if isinstance(call.typed(0).type, Char) else "{0}"
    numbers = [call.constant(index) for index in range(1, len(call.arguments))]
    plain = all(isinstance(number, int) and 0 <= number <= _LONGEST for number in numbers)
    if plain and numbers[0] > 0:
        return call.filled(f"substring({', '.join([text, '{1}', '{2}'][: len(call.arguments)])})")
    return call.filled(_SUBSTRINGS[len(numbers)].replace("$", text))


def _replace(call: Call) -> Typed:
    """The result is as long as if the replacement stood around every character."""
    text, new = (_length_of(call.typed(index).type) for index in (0, 2))
    length = None if text is None or new is None else min(_LONGEST, text + new * (text + 1))
    sql = call.filled("replace({all})" if call.constant(1) else _REPLACE)
    return Typed(sql, Varchar(None if length == _LONGEST else length))


def _length_of(type_: Type) -> int | None:
    return type_.length if isinstance(type_, Varchar) else None


def _trim(call: Call) -> str:
    trimmed = f"{call.name}({{0}}, ' ')"
    clean = f"regexp_full_match({trimmed}, '{_CLEAN[call.name]}')"
    return call.filled(f"CASE WHEN {clean} THEN {trimmed} ELSE {call.name}({{0}}, {_BLANKS}) END")


def _pad(call: Call) -> str:
    size, padding = call.constant(1), call.constant(2)
    native = isinstance(size, int) and 0 <= size <= _LONGEST and padding
    return call.filled(f"{call.name}({{0}}, {{1}}::INTEGER, {{2}})" if native else _PAD.replace("$", call.name))


_TRIMS = ("trim", "ltrim", "rtrim")

SCALARS: Table = {
    "chr(bigint) -> varchar(1)": _CHR,
    "codepoint(varchar(1)) -> integer": _CODEPOINT,
    "concat(varchar...) -> varchar": _concat,
    "concat(varbinary...) -> varbinary": _concat,
    "concat(char(x), char(y)) -> char(u)": _concat_char,
    "concat_ws(varchar, varchar...) -> varchar": _concat_ws,
    "concat_ws(varchar, array(varchar)) -> varchar": lambda call: call.filled(
        f"CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {joined(call, '{1}', 0)} END"
    ),
    "length(char(x)) -> bigint": "CASE WHEN {0} IS NOT NULL THEN {x}::BIGINT END",
    "length(varchar(x)) -> bigint": "length({0})",
    "lower(char(x)) -> char(x)": "lower({0})",
    "lower(varchar(x)) -> varchar(x)": "lower({0})",
    "upper(char(x)) -> char(x)": _UPPER,
    "upper(varchar(x)) -> varchar(x)": _UPPER,
    "lpad(varchar(x), bigint, varchar(y)) -> varchar": _pad,
    "rpad(varchar(x), bigint, varchar(y)) -> varchar": _pad,
    **each(
        _TRIMS,
        {
            "$(char(x)) -> varchar(x)": _trim,
            "$(char(x), codepoints) -> varchar(x)": "$({0}, {1})",
            "$(varchar(x)) -> varchar(x)": _trim,
            "$(varchar(x), codepoints) -> varchar(x)": "$({0}, {1})",
        },
    ),
    "replace(varchar(x), varchar(y)) -> varchar(x)": "replace({0}, {1}, '')",
    "replace(varchar(x), varchar(y), varchar(z)) -> varchar(u)": _replace,
    "reverse(varchar(x)) -> varchar(x)": _REVERSE,
    "split(varchar(x), varchar(y)) -> array(varchar(x))": _SPLIT,
    "split_part(varchar(x), varchar(y), bigint) -> varchar(x)": _SPLIT_PART,
    "starts_with(varchar(x), varchar(y)) -> boolean": "starts_with({0}, {1})",
    "strpos(varchar(x), varchar(y)) -> bigint": "strpos({0}, {1})",
    "strpos(varchar(x), varchar(y), bigint) -> bigint": "trino_strpos({0}, {1}, {2})",
    **each(
        ("substr", "substring"),
        {
            "$(char(x), bigint) -> varchar(x)": _substring,
            "$(char(x), bigint, bigint) -> varchar(x)": _substring,
            "$(varchar(x), bigint) -> varchar(x)": _substring,
            "$(varchar(x), bigint, bigint) -> varchar(x)": _substring,
        },
    ),
    "translate(varchar(x), varchar(y), varchar(z)) -> varchar": "translate({0}, {1}, {2})",
}
