"""Dates, instants and time zones: what converts between them.

Source: https://trino.io/docs/current/functions/datetime.html
"""

from __future__ import annotations

from local_athena.dialect import zones
from local_athena.dialect.casts import cast
from local_athena.dialect.functions.datetimes.zoned import on_clock, on_value
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.representation import literal
from local_athena.dialect.snippets import once, once_each, or_else
from local_athena.dialect.typed import Typed
from local_athena.errors import raise_sql
from local_athena.types.model import DATE, INTERVAL_DAY_TO_SECOND, Varchar

_INVALID = "INVALID_FUNCTION_ARGUMENT"

MACROS = (
    "trino_offset_zone(minutes) AS (CASE WHEN abs(minutes) > 840 THEN "
    + raise_sql(_INVALID, "'Invalid offset minutes ' || minutes")
    + " WHEN minutes = 0 THEN 'UTC' ELSE trino_offset_text(minutes) END)",
    # NaN is the epoch, as a cast of Java makes it.
    "trino_unixtime(x) AS make_timestamp("
    "CASE WHEN isnan(x) THEN 0 ELSE CAST(floor(x * 1000 + 0.5) AS BIGINT) * 1000 END)",
    "trino_at_zone(z, name) AS (CASE WHEN z IS NOT NULL AND name IS NOT NULL"
    " THEN struct_pack(instant := trino_instant_of(z), zone := name) END)",
    "trino_with_zone(t, name) AS (CASE WHEN t IS NOT NULL AND name IS NOT NULL THEN trino_zoned(t, name) END)",
    "trino_iso_text(t, digits) AS replace(trino_timestamp_text(t, digits), ' ', 'T')",
    "trino_iso_offset(minutes) AS (CASE WHEN minutes = 0 THEN 'Z' ELSE trino_offset_text(minutes) END)",
)


def zone_name(zone: Typed, unknown: str = "''{0}'' is not a valid time zone", name: str = _INVALID) -> str:
    """A DuckDB expression: the name, as Trino writes it, of the zone that a varchar or an interval says.

    Args:
        zone: a varchar or an interval.
        unknown: message for a zone that is none, inside of a SQL text.
        name: of that error.
    """
    if zone.type == INTERVAL_DAY_TO_SECOND:
        return once(zone.sql, lambda interval: f"trino_offset_zone({interval} // 60000)")
    before, after = unknown.split("{0}")

    def checked(text: str) -> str:
        failure = raise_sql(name, f"'{before}' || {text} || '{after}'")
        return or_else(f"trino_zone({text})", f"CASE WHEN {text} IS NOT NULL THEN {failure} END")

    known = zones.canonical(zone.constant) if isinstance(zone.constant, str) else None
    return once(zone.sql, checked) if known is None else literal(known)


def _in_zone(call: Call, zone: str, template: str) -> str:
    """The template of a value and a zone's name; the zone is not looked at where the value is null."""
    known = once(call.sqls[0], lambda value: f"CASE WHEN {value} IS NOT NULL THEN {zone} END")
    return once_each((call.sqls[0], known), template.format)


def _at_timezone(call: Call) -> str:
    return _in_zone(call, zone_name(call.typed(1)), "trino_at_zone({}, {})")


def _with_timezone(call: Call) -> str:
    return _in_zone(call, zone_name(call.typed(1)), "trino_with_zone({}, {})")


def _from_unixtime(call: Call) -> str:
    zone = zone_name(call.typed(1), "Time zone not supported: {0}", "NOT_SUPPORTED")
    return _in_zone(call, zone, "trino_at_zone(struct_pack(instant := trino_unixtime({})), {})")


def _unixtime_at_offset(call: Call) -> str:
    sqls = (call.sqls[0], f"trino_offset_zone({call.sqls[1]} * 60 + {call.sqls[2]})")
    return once_each(sqls, "trino_at_zone(struct_pack(instant := trino_unixtime({0})), {1})".format)


def _date_of_text(call: Call) -> str:
    return cast(call.typed(0), DATE).sql


def _iso_timestamp(call: Call) -> Typed:
    """As long a varchar as Trino says it is."""
    return _iso(call, "trino_iso_text({0}, {digits})", _ISO_LENGTH)


def _iso_zoned(call: Call) -> Typed:
    offset = "trino_iso_offset(trino_minutes_of({0}.instant, {0}.zone))"
    return _iso(
        call, f"trino_iso_text(trino_local({{0}}.instant, {{0}}.zone), {{digits}}) || {offset}", _ISO_ZONED_LENGTH
    )


def _iso(call: Call, template: str, length: int) -> Typed:
    digits = call.numbers["p"] or 0
    sql = once_each(call.sqls, lambda value: template.format(value, digits=digits))
    return Typed(sql, Varchar(length + digits + (digits > 0)))


_ISO_LENGTH = 22
_ISO_ZONED_LENGTH = 28
_STAMP, _ZONED = "timestamp(p)", "timestamp(p) with time zone"
_UNIX = "timestamp(3) with time zone"

SCALARS: Table = {
    f"at_timezone({_ZONED}, interval day to second) -> {_ZONED}": _at_timezone,
    f"at_timezone({_ZONED}, varchar(x)) -> {_ZONED}": _at_timezone,
    "current_timezone() -> varchar": "'UTC'",
    f"date({_ZONED}) -> date": on_clock("CAST({0} AS DATE)"),
    f"date({_STAMP}) -> date": "CAST({0} AS DATE)",
    "date(varchar(x)) -> date": _date_of_text,
    f"from_unixtime(double) -> {_UNIX}": on_value(
        "trino_at_zone(struct_pack(instant := trino_unixtime({0})), CASE WHEN {0} IS NOT NULL THEN 'UTC' END)"
    ),
    f"from_unixtime(double, bigint, bigint) -> {_UNIX}": _unixtime_at_offset,
    f"from_unixtime(double, varchar(x)) -> {_UNIX}": _from_unixtime,
    "to_iso8601(date) -> varchar(16)": "trino_date_text({0})",
    f"to_iso8601({_ZONED}) -> varchar": _iso_zoned,
    f"to_iso8601({_STAMP}) -> varchar": _iso_timestamp,
    f"to_unixtime({_ZONED}) -> double": "(epoch_us(trino_instant_of({0})) / 1e6)",
    f"with_timezone({_STAMP}, varchar(x)) -> {_ZONED}": _with_timezone,
}
