"""Functions of text that are rare enough to be Python.

Source: https://trino.io/docs/current/functions/string.html
"""

from __future__ import annotations

import unicodedata

from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import AthenaError, raise_text

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_FORMS = ("NFC", "NFD", "NFKC", "NFKD")
_SOUNDEX = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "01230120022455012623010202", strict=True))
_SILENT = "HW"


def _strpos(text: str, part: str, instance: int) -> int:
    if instance == 0:
        raise_text(_INVALID, "'instance' must be a positive or negative number.")
    if part == "":
        return 1
    found = len(text) if instance < 0 else -1
    for _ in range(abs(instance)):
        found = text.find(part, found + 1) if instance > 0 else text.rfind(part, 0, found + len(part) - 1)
        if found < 0:
            return 0
    return found + 1


def _levenshtein(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for index, character in enumerate(left, 1):
        diagonal, row[0] = row[0], index
        for column, other in enumerate(right, 1):
            step = diagonal if character == other else 1 + min(diagonal, row[column], row[column - 1])
            diagonal, row[column] = row[column], step
    return row[-1]


def _hamming(left: str, right: str) -> int:
    if len(left) != len(right):
        raise_text(_INVALID, "The input strings to hamming_distance function must have the same length")
    return sum(one != other for one, other in zip(left, right, strict=True))


def _soundex(text: str) -> str:
    letters = [character for character in text.upper() if character.isalpha()]
    for letter in letters:
        if letter not in _SOUNDEX:
            raise_text(_INVALID, f"The character is not mapped: {letter} (index={ord(letter) - ord('A')})")
    if not letters:
        return ""
    code, last = letters[0], _SOUNDEX[letters[0]]
    for letter in letters[1:]:
        if letter in _SILENT:
            continue
        digit = _SOUNDEX[letter]
        if digit not in ("0", last):
            code += digit
        last = digit
    return code[:4].ljust(4, "0")


def _luhn_check(text: str) -> bool:
    if not text:
        return False
    if not all("0" <= character <= "9" for character in text):
        raise_text(_INVALID, "Input contains non-digit character")
    digits = [int(character) for character in reversed(text)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _split(text: str, delimiter: str, limit: int) -> list[str]:
    if delimiter == "":
        raise_text(_INVALID, "The delimiter may not be the empty string")
    if limit <= 0:
        raise_text(_INVALID, "Limit must be positive")
    return text.split(delimiter, limit - 1)


def _entries(text: str, between: str, inside: str, quote: str) -> list[list[str]]:
    for delimiter, name in ((between, "entryDelimiter"), (inside, "keyValueDelimiter")):
        if delimiter == "":
            raise_text(_INVALID, f"{name} is empty")
    if between == inside:
        raise_text(_INVALID, "entryDelimiter and keyValueDelimiter must not be the same")
    entries = text.split(between)
    if entries[-1] == "":
        entries.pop()
    pairs = [entry.split(inside) for entry in entries]
    for entry, pair in zip(entries, pairs, strict=True):
        if len(pair) != 2:
            bad = f"{quote}{entry}{quote}"
            raise_text(_INVALID, f"Key-value delimiter must appear exactly once in each entry. Bad input: {bad}")
    return pairs


def _split_to_map(text: str, between: str, inside: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for key, value in _entries(text, between, inside, "'"):
        if key in made:
            raise_text(_INVALID, f"Duplicate keys ({key}) are not allowed")
        made[key] = value
    return made


def _split_to_multimap(text: str, between: str, inside: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for key, value in _entries(text, between, inside, ""):
        made.setdefault(key, []).append(value)
    return made


def _from_utf8(data: bytes, replacement: str) -> str:
    if len(replacement) > 1:
        raise_text(_INVALID, "Replacement character string must empty or a single character")
    return data.decode("utf-8", "replace").replace("\ufffd", replacement)


def _normalize(call: Call) -> str:
    form = call.constant(1)
    if form not in _FORMS:
        raise AthenaError(_INVALID, f"Normalization form must be one of [{', '.join(_FORMS)}]")
    return call.filled("nfc_normalize({0})" if form == "NFC" else "trino_normalize({0}, {1})")


def _unicode_normalize(text: str, form: str) -> str:
    return unicodedata.normalize(form, text)  # type: ignore[arg-type]


_PLAIN = "strlen({0}) = length({0}) AND strlen({1}) = length({1})"
_FROM_UTF8 = "trino_from_utf8({0}, '\ufffd')"

SCALARS: Table = {
    "from_utf8(varbinary) -> varchar": _FROM_UTF8,
    "from_utf8(varbinary, bigint) -> varchar": "trino_from_utf8({0}, chr({1}::INTEGER))",
    "from_utf8(varbinary, varchar(x)) -> varchar": "trino_from_utf8({0}, {1})",
    "hamming_distance(varchar(x), varchar(y)) -> bigint": "trino_hamming({0}, {1})",
    "levenshtein_distance(varchar(x), varchar(y)) -> bigint": f"CASE WHEN {_PLAIN} THEN levenshtein({{0}}, {{1}}) "
    "ELSE trino_levenshtein({0}, {1}) END",
    "luhn_check(varchar) -> boolean": "trino_luhn_check({0})",
    "normalize(varchar(x), varchar(y)) -> varchar": _normalize,
    "soundex(varchar) -> varchar(4)": "trino_soundex({0})",
    "split(varchar(x), varchar(y), bigint) -> array(varchar(x))": "trino_split({all})",
    "split_to_map(varchar, varchar, varchar) -> map(varchar,varchar)": "trino_split_to_map({all})",
    "split_to_multimap(varchar, varchar, varchar) -> map(varchar,array(varchar))": "trino_split_to_multimap({all})",
    "to_utf8(varchar(x)) -> varbinary": "encode({0})",
}

_TWO = ("VARCHAR", "VARCHAR")
_THREE = ("VARCHAR", "VARCHAR", "VARCHAR")
PYTHON = (
    PythonFunction("trino_strpos", _strpos, ("VARCHAR", "VARCHAR", "BIGINT"), "BIGINT"),
    PythonFunction("trino_levenshtein", _levenshtein, _TWO, "BIGINT"),
    PythonFunction("trino_hamming", _hamming, _TWO, "BIGINT"),
    PythonFunction("trino_soundex", _soundex, ("VARCHAR",), "VARCHAR"),
    PythonFunction("trino_luhn_check", _luhn_check, ("VARCHAR",), "BOOLEAN"),
    PythonFunction("trino_split", _split, (*_TWO, "BIGINT"), "VARCHAR[]"),
    PythonFunction("trino_split_to_map", _split_to_map, _THREE, "MAP(VARCHAR, VARCHAR)"),
    PythonFunction("trino_split_to_multimap", _split_to_multimap, _THREE, "MAP(VARCHAR, VARCHAR[])"),
    PythonFunction("trino_from_utf8", _from_utf8, ("BLOB", "VARCHAR"), "VARCHAR"),
    PythonFunction("trino_normalize", _unicode_normalize, _TWO, "VARCHAR"),
)
