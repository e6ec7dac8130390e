"""The texts that literals with a type take: `DATE '…'`, `TIMESTAMP '…'`, `JSON '…'`, …."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal as PythonDecimal
from typing import Any

from local_athena.dialect import zones
from local_athena.dialect.casts.addresses import UUID_FORM, canonical_address
from local_athena.dialect.casts.json_text import canonical_json
from local_athena.dialect.representation import duckdb_type, literal
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    IPADDRESS,
    JSON,
    MAX_DECIMAL_PRECISION,
    SMALLINT,
    TINYINT,
    UUID,
    VARBINARY,
    VARCHAR,
    Char,
    Decimal,
    Time,
    Timestamp,
    Type,
)

_WHOLE: dict[Type, int] = {TINYINT: 2**7, SMALLINT: 2**15, INTEGER: 2**31, BIGINT: 2**63}
_NUMBER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"(?P<sign>[+-]?)0*(?P<whole>\d*)(?:\.(?P<fraction>\d*))?")
_FLOATING = re.compile(r"[\x00-\x20]*([+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|Infinity))[fFdD]?[\x00-\x20]*")
_BOOLEANS = {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}
_DATE = r"(?P<year>[+-]?\d+)-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.(?P<fraction>\d+))?)?"
_DATE_FORM = re.compile(rf"\s*{_DATE}\s*")
_TIME_FORM = re.compile(rf"{_CLOCK}(?:\s*(?P<zone>[+-]\d{{2}}:\d{{2}}))?")
_TIMESTAMP_FORM = re.compile(rf"{_DATE}(?: (?:{_CLOCK})?\s*(?P<zone>.+)?)?")
_LEAST_YEAR_DIGITS = 4
_MOST_DIGITS = 12
_DAYS_OF_ERA = 400
_PLAIN_YEARS = range(1, 10_000)


class NotLiteralError(Exception):
    """The text is not a value of the type."""


def _whole(text: str, type_: Type) -> Typed:
    _require(_NUMBER.fullmatch(text))
    value = int(text)
    _require(-_WHOLE[type_] <= value < _WHOLE[type_])
    return Typed(f"CAST({value} AS {duckdb_type(type_)})", type_, value)


def floating(text: str, type_: Type = DOUBLE) -> Typed:
    """A double or real."""
    match = _FLOATING.fullmatch(text)
    if match is None:
        raise NotLiteralError
    value = float(match[1])
    constant = value if type_ == DOUBLE else NOT_CONSTANT
    return Typed(f"CAST({literal(match[1])} AS {duckdb_type(type_)})", type_, constant)


def decimal(text: str, _type: Type | None = None) -> Typed:
    """A decimal of as many digits as are written, without zeros in front."""
    plain = text.replace("_", "")
    match = _DECIMAL.fullmatch(plain)
    if match is None or not any(map(str.isdigit, plain)):
        raise NotLiteralError
    whole, fraction = match["whole"], match["fraction"] or ""
    precision = max(1, len(whole) + len(fraction))
    _require(precision <= MAX_DECIMAL_PRECISION)
    type_ = Decimal(precision, len(fraction))
    digits = f"{match['sign']}{whole or 0}.{fraction or 0}"
    return Typed(f"CAST({literal(digits)} AS {duckdb_type(type_)})", type_, PythonDecimal(digits))


def _boolean(text: str, _type: Type) -> Typed:
    value = _BOOLEANS.get(text.lower())
    _require(value is not None)
    return Typed("TRUE" if value else "FALSE", BOOLEAN, value)


def _date(text: str, _type: Type) -> Typed:
    match = _DATE_FORM.fullmatch(text)
    if match is None:
        raise NotLiteralError
    year, month, day = _day(match)
    constant = date(year, month, day) if year in _PLAIN_YEARS else NOT_CONSTANT
    return Typed(_date_sql(year, month, day), DATE, constant)


def _time(text: str, _type: Type) -> Typed:
    match = _TIME_FORM.fullmatch(text)
    if match is None:
        raise NotLiteralError
    clock, precision = _clock(match), _precision(match, "TIME")
    if match["zone"] is None:
        return _held(Time(precision), f"TIME '{clock}'", time.fromisoformat(clock))
    zone = match["zone"]
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    _require(minutes <= zones.MOST_MINUTES)
    signed = -minutes if zone.startswith("-") else minutes
    return _held(Time(precision, zoned=True), f"struct_pack(local := TIME '{clock}', minutes := {signed})")


def _timestamp(text: str, _type: Type) -> Typed:
    match = _TIMESTAMP_FORM.fullmatch(text)
    if match is None or len(match["year"].lstrip("+-")) < _LEAST_YEAR_DIGITS:
        raise NotLiteralError
    year, month, day = _day(match)
    clock, precision = _clock(match), _precision(match, "TIMESTAMP")
    plain = year in _PLAIN_YEARS
    shown = f"{year:04}-{month:02}-{day:02} {clock}"
    sql = f"TIMESTAMP '{shown}'" if plain else f"({_date_sql(year, month, day)} + TIME '{clock}')"
    zone = (match["zone"] or "").strip()
    if not zone:
        return _held(Timestamp(precision), sql, datetime.fromisoformat(shown) if plain else NOT_CONSTANT)
    name = zones.canonical(zone)
    if name is None and zones.is_offset(zone):
        raise not_supported(f"Time zone not supported: {zone}")
    _require(name is not None and not (plain and zones.is_skipped(shown, name)))
    return _held(Timestamp(precision, zoned=True), f"trino_zoned({sql}, '{name}')")


def _held(type_: Type, sql: str, constant: Any = NOT_CONSTANT) -> Typed:
    duckdb_type(type_)
    return Typed(sql, type_, constant)


def _day(match: re.Match[str]) -> tuple[int, int, int]:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    _require(1 <= month <= 12)
    _require(1 <= day <= calendar.monthrange(year % _DAYS_OF_ERA + _DAYS_OF_ERA, month)[1])
    return year, month, day


def _date_sql(year: int, month: int, day: int) -> str:
    if year in _PLAIN_YEARS:
        return f"DATE '{year:04}-{month:02}-{day:02}'"
    return f"make_date({year}, {month}, {day})"


def _clock(match: re.Match[str]) -> str:
    """`HH:MM:SS.ffffff`."""
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    _require(hour < 24 and minute < 60 and second < 60)
    return f"{hour:02}:{minute:02}:{second:02}.{(match['fraction'] or '')[:6]:0<6}"


def _precision(match: re.Match[str], what: str) -> int:
    digits = len(match["fraction"] or "")
    if digits > _MOST_DIGITS:
        message = f"{what} precision must be in range [0, {_MOST_DIGITS}]: {digits}"
        raise AthenaError("NUMERIC_VALUE_OUT_OF_RANGE", message)
    return digits


def _json(text: str, _type: Type) -> Typed:
    canonical = canonical_json(text)
    if canonical is None:
        raise NotLiteralError
    return Typed(literal(canonical), JSON)


def _uuid(text: str, _type: Type) -> Typed:
    _require(re.fullmatch(UUID_FORM, text))
    return Typed(f"CAST({literal(text)} AS UUID)", UUID)


def _ipaddress(text: str, _type: Type) -> Typed:
    address = canonical_address(text)
    if address is None:
        raise NotLiteralError
    return Typed(literal(address), IPADDRESS)


def _char(text: str, _type: Type) -> Typed:
    return Typed(literal(text.rstrip(" ")), Char(len(text)))


def _require(condition: object) -> None:
    if not condition:
        raise NotLiteralError


FORMS: dict[str, Callable[[str, Type], Typed]] = {
    **{str(type_): _whole for type_ in _WHOLE},
    "real": floating,
    "double": floating,
    "decimal": decimal,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "timestamp": _timestamp,
    "json": _json,
    "uuid": _uuid,
    "ipaddress": _ipaddress,
    "char": _char,
    "varchar": lambda text, _: Typed(literal(text), VARCHAR, text),
    "varbinary": lambda text, _: Typed(f"encode({literal(text)})", VARBINARY),
}
