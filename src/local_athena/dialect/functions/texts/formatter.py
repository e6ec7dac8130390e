"""Java's Formatter, as far as Trino's `format` is used.

Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Formatter.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from local_athena.errors import raise_text

_SPECIFIER = re.compile(
    r"%(?:(?P<index>\d+)\$|(?P<again><))?(?P<flags>[-#+ 0,(]*)(?P<width>\d+)?(?:\.(?P<precision>\d+))?"
    r"(?P<kind>[tT][a-zA-Z]|[a-zA-Z%])"
)
# Each type with the class that Java's messages name, and how its text becomes a value again.
_CLASSES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "whole": ("java.lang.Long", int),
    "double": ("java.lang.Double", float),
    "real": ("java.lang.Float", float),
    "decimal": ("java.math.BigDecimal", Decimal),
    "text": ("java.lang.String", str),
    "boolean": ("java.lang.Boolean", lambda text: text == "true"),
    "date": ("java.time.LocalDate", date.fromisoformat),
    "timestamp": ("java.time.LocalDateTime", datetime.fromisoformat),
    "time": ("java.time.LocalTime", time.fromisoformat),
}
_DECIMALS = 6
# Enough digits for every double.
_EXACT = Context(prec=1500)
_DATE_PARTS = {
    "Y": "{0:%Y}", "y": "{0:%y}", "m": "{0:%m}", "d": "{0:%d}", "e": "{0.day}", "j": "{0:%j}", "B": "{0:%B}",
    "b": "{0:%b}", "h": "{0:%b}", "A": "{0:%A}", "a": "{0:%a}", "F": "{0:%Y-%m-%d}", "D": "{0:%m/%d/%y}",
}  # fmt: skip
_TIME_PARTS = {
    "H": "{0:%H}", "I": "{0:%I}", "M": "{0:%M}", "S": "{0:%S}", "T": "{0:%H:%M:%S}", "R": "{0:%H:%M}", "k": "{0.hour}",
}  # fmt: skip
_MOMENTS = {"date": _DATE_PARTS, "time": _TIME_PARTS, "timestamp": _DATE_PARTS | _TIME_PARTS}


def _refused(pattern: str, reason: str) -> Any:
    raise_text("INVALID_FUNCTION_ARGUMENT", f"Invalid format string: {pattern} ({reason})")


def formatted(pattern: str, kinds: Sequence[str], texts: Sequence[str | None]) -> str:
    """Formats values; errors are raised as `errors.raise_text` does.

    Args:
        pattern: e.g. `%05d of %s`.
        kinds: of each value: whole, double, real, decimal, text, boolean, date, timestamp, time.
        texts: the values; None is null.
    """
    made, at, ordinary, last = "", 0, 0, -1
    while at < len(pattern):
        if pattern[at] != "%":
            made, at = made + pattern[at], at + 1
            continue
        found = _SPECIFIER.match(pattern, at)
        if found is None:
            conversion = (re.match(r"%[^a-zA-Z%]*?(\d*)(.?)$", pattern[at:]) or [None, "", ""])[1] or "%"
            return str(_refused(pattern, f"UnknownFormatConversion: Conversion = '{conversion[-1]}'"))
        at = found.end()
        if found["kind"] in "%n":
            made += _padded(found, "\n" if found["kind"] == "n" else "%")
            continue
        if found["again"]:
            index = last
        elif found["index"]:
            index = int(found["index"]) - 1
        else:
            index, ordinary = ordinary, ordinary + 1
        if not 0 <= index < len(texts):
            _refused(pattern, f"MissingFormatArgument: Format specifier '{found[0]}'")
        last = index
        made += _one(pattern, found, kinds[index], texts[index])
    return made


def _one(pattern: str, found: re.Match[str], kind: str, text: str | None) -> str:
    conversion = found["kind"]
    lower = conversion.lower() if conversion[0] not in "tT" else "t"
    write = _WRITERS.get(lower)
    if write is None:
        known = lower in "cahg"
        if known:
            raise_text("NOT_SUPPORTED", f"The local Athena has no conversion '{conversion}' in format()")
        _refused(pattern, f"UnknownFormatConversion: Conversion = '{conversion}'")
        return ""
    flags = found["flags"]
    if ("-" in flags or "0" in flags) and not found["width"]:
        _refused(pattern, f"MissingFormatWidth: {found[0]}")
    if "-" in flags and "0" in flags:
        _refused(pattern, "IllegalFormatFlags: Flags = '-0'")
    if lower in "sb" and (wrong := re.search(r"[,+( 0#]", flags)):
        _refused(pattern, f"FormatFlagsConversionMismatch: Conversion = {conversion}, Flags = {wrong[0]}")
    if lower in "dxo" and found["precision"]:
        _refused(pattern, f"IllegalFormatPrecision: {found['precision']}")
    name, read = _CLASSES[kind]
    if text is None:
        absent = "false" if lower == "b" else "null"
        return _padded(found, absent[: int(found["precision"])] if found["precision"] else absent)
    made = write(found, kind, read(text) if lower not in "s" else text)
    if made is None:
        _refused(pattern, f"IllegalFormatConversion: {conversion[-1]} != {name}")
        return ""
    return _padded(found, made.upper() if conversion[0].isupper() else made)


def _padded(found: re.Match[str], text: str) -> str:
    width = int(found["width"] or 0)
    return text.ljust(width) if "-" in found["flags"] else text.rjust(width)


def _as_text(found: re.Match[str], kind: str, text: str) -> str:
    if kind == "timestamp":
        text = _short_time(text.replace(" ", "T"))
    elif kind == "time":
        text = _short_time(text)
    return text[: int(found["precision"])] if found["precision"] else text


def _short_time(text: str) -> str:
    """Java leaves out seconds that are zero, and writes fractions in groups of three digits."""
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if fraction:
        return f"{whole}.{fraction.ljust(-(-len(fraction) // 3) * 3, '0')}"
    return whole.removesuffix(":00") if whole.count(":") == 2 else whole


def _as_boolean(found: re.Match[str], kind: str, value: Any) -> str:
    text = str(value).lower() if kind == "boolean" else "true"
    return text[: int(found["precision"])] if found["precision"] else text


def _signed(found: re.Match[str], negative: bool, digits: str) -> str:
    flags = found["flags"]
    before, after = ("(", ")") if "(" in flags and negative else ("-", "") if negative else ("", "")
    if not negative:
        before = "+" if "+" in flags else " " if " " in flags else ""
    missing = int(found["width"] or 0) - len(before) - len(digits) - len(after)
    zeros = "0" * max(missing, 0) if "0" in flags else ""
    return f"{before}{zeros}{digits}{after}"


def _as_whole(found: re.Match[str], kind: str, value: Any) -> str | None:
    if kind != "whole":
        return None
    return _signed(found, value < 0, f"{abs(value):,d}" if "," in found["flags"] else str(abs(value)))


def _as_bits(letter: str, prefix: str) -> Callable[[re.Match[str], str, Any], str | None]:
    def write(found: re.Match[str], kind: str, value: Any) -> str | None:
        if kind != "whole":
            return None
        digits = (prefix if "#" in found["flags"] else "") + format(value & (2**64 - 1), letter)
        missing = int(found["width"] or 0) - len(digits)
        return "0" * missing + digits if "0" in found["flags"] else digits

    return write


def _as_fixed(found: re.Match[str], kind: str, value: Any) -> str | None:
    if kind not in ("double", "real", "decimal"):
        return None
    if (special := _not_finite(found, kind, value)) is not None:
        return special
    # Java rounds the shortest decimal text of a double, half up.
    number = value if kind == "decimal" else Decimal(repr(value))
    places = int(found["precision"] or _DECIMALS)
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    return _signed(found, number.is_signed(), format(rounded, ",f" if "," in found["flags"] else "f"))


def _as_scientific(found: re.Match[str], kind: str, value: Any) -> str | None:
    if kind not in ("double", "real", "decimal"):
        return None
    if (special := _not_finite(found, kind, value)) is not None:
        return special
    number = value if kind == "decimal" else Decimal(repr(value))
    places = int(found["precision"] or _DECIMALS)
    exponent = number.adjusted() if number else 0
    digits = abs(number).scaleb(-exponent).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    if digits >= 10:
        digits, exponent = (digits / 10).quantize(Decimal(1).scaleb(-places)), exponent + 1
    return _signed(found, number.is_signed(), f"{digits:f}e{exponent:+03d}")


def _not_finite(found: re.Match[str], kind: str, value: Any) -> str | None:
    if kind == "decimal" or math.isfinite(value):
        return None
    if math.isnan(value):
        return "NaN"
    return "-Infinity" if value < 0 else "+Infinity" if "+" in found["flags"] else "Infinity"


def _as_moment(found: re.Match[str], kind: str, value: Any) -> str | None:
    part = found["kind"][1]
    known = (_DATE_PARTS if kind in ("date", "timestamp") else {}) | (
        _TIME_PARTS if kind in ("time", "timestamp") else {}
    )
    if kind not in ("date", "timestamp", "time"):
        return None
    if part not in known:
        raise_text("NOT_SUPPORTED", f"The local Athena has no conversion '{found['kind']}' in format() here")
    return known[part].format(value)


_WRITERS: dict[str, Callable[[re.Match[str], str, Any], str | None]] = {
    "s": _as_text,
    "b": _as_boolean,
    "d": _as_whole,
    "x": _as_bits("x", "0x"),
    "o": _as_bits("o", "0"),
    "f": _as_fixed,
    "e": _as_scientific,
    "t": _as_moment,
}
