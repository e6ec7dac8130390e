"""Time zones: their names as Trino writes them, and local time in them as java.time computes it.

The rules come from DuckDB's ICU, which needs no network.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import duckdb

from local_athena.dialect.runtime import PythonFunction

MOST_MINUTES = 14 * 60
UTC = "UTC"

_ETC_UTC = ("Etc/UTC", "Etc/UCT", "Etc/GMT", "Etc/GMT0", "Etc/GMT+0", "Etc/GMT-0", "Etc/Universal")
_SAME_AS_UTC = frozenset(("UTC", "Z", "UT", "UCT", "GMT", "GMT0", "Greenwich", "Universal", "Zulu", *_ETC_UTC))
# Short names of ICU's that java.time does not take, or Trino does not have.
_NOT_OF_TRINO = re.compile(r"[A-Z]{3}|Factory|SystemV/.*|Etc/(?:Greenwich|Zulu)|America/Coyhaique")
_SHORT = frozenset(("CET", "EET", "MET", "PRC", "ROK", "WET"))
_OFFSET = re.compile(r"(?:UTC|GMT|UT)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>(?<=\d\d.)\d\d|(?<=\d\d)\d\d))?")
_ETC = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d{1,2})")


@lru_cache(maxsize=4096)
def canonical(name: str) -> str | None:
    """A zone's name as Trino writes it, e.g. `UTC` for `Z`, `+05:30` for `UTC+0530`; None if Trino has no such zone."""
    if name in _SAME_AS_UTC:
        return UTC
    if match := _OFFSET.fullmatch(name):
        minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
        if minutes > MOST_MINUTES or int(match["minutes"] or 0) >= 60:
            return None
        return offset_name(-minutes if match["sign"] == "-" else minutes)
    if name not in _regions():
        return None
    # The sign of these is the other way round.
    if match := _ETC.fullmatch(name):
        return offset_name(int(match["hours"]) * (60 if match["sign"] == "-" else -60))
    return name


def offset_name(minutes: int) -> str:
    """The name of the zone that is always so many minutes before UTC."""
    if minutes == 0:
        return UTC
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def is_offset(name: str) -> bool:
    """Whether a text has the form of an offset, in range or not."""
    return _OFFSET.fullmatch(name) is not None


def _canonical_or_null(name: str | None) -> str | None:
    return None if name is None else canonical(name)


def is_skipped(shown: str, name: str) -> bool:
    """Whether clocks in the zone never show this timestamp: a change of the clock leaves it out."""
    query = "SELECT trino_local(trino_instant(t, z), z) <> t FROM (SELECT CAST(? AS TIMESTAMP) AS t, ? AS z)"
    (skipped,) = _icu().cursor().execute(query, [shown, name]).fetchall()[0]
    return bool(skipped)


@cache
def _icu() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(";".join(f"CREATE MACRO {macro}" for macro in ZONE_MACROS))
    return connection


@cache
def _regions() -> frozenset[str]:
    names = {name for (name,) in _icu().cursor().execute("SELECT name FROM pg_timezone_names()").fetchall()}
    return frozenset(name for name in names if name in _SHORT or not _NOT_OF_TRINO.fullmatch(name))


PYTHON = (PythonFunction("trino_zone", _canonical_or_null, ["VARCHAR"], "VARCHAR", sees_nulls=True),)

ZONE_MACROS = (
    # DuckDB forgets the type of a field of a null.
    "trino_instant_of(zoned) AS CAST(zoned.instant AS TIMESTAMP)",
    "trino_clock_of(zoned) AS CAST(zoned.local AS TIME)",
    "trino_offset_of(zoned) AS CAST(zoned.minutes AS INTEGER)",
    # Minutes from UTC of an offset like `-05:30`.
    "trino_offset_minutes(zone) AS (CASE WHEN left(zone, 1) = '-' THEN -1 ELSE 1 END"
    " * (CAST(substring(zone, 2, 2) AS INTEGER) * 60 + CAST(substring(zone, 5, 2) AS INTEGER)))",
    # What a clock in the zone shows.
    "trino_local(instant, zone) AS (CASE WHEN zone = 'UTC' THEN CAST(instant AS TIMESTAMP)"
    " WHEN left(zone, 1) IN ('+', '-')"
    " THEN CAST(instant AS TIMESTAMP) + to_minutes(trino_offset_minutes(CAST(zone AS VARCHAR)))"
    " ELSE timezone(CAST(zone AS VARCHAR), timezone('UTC', CAST(instant AS TIMESTAMP))) END)",
    # The instant at which a clock in a region shows `shown` if the day before still counts: in the hour that a
    # change of the clock repeats it is the first one, and the hour that it leaves out is pushed behind it.
    "trino_before_change(shown, zone) AS (shown - (timezone(zone, timezone('UTC', shown - INTERVAL 1 DAY))"
    " - (shown - INTERVAL 1 DAY)))",
    "trino_instant_in_region(shown, zone) AS list_transform([trino_before_change(shown, zone)], lambda early:"
    " CASE WHEN timezone(zone, timezone('UTC', early)) = shown THEN early"
    " ELSE timezone('UTC', timezone(zone, shown)) END)[1]",
    "trino_instant(shown, zone) AS list_transform([shown], lambda seen: CASE WHEN zone = 'UTC' THEN seen"
    " WHEN left(zone, 1) IN ('+', '-') THEN seen - to_minutes(trino_offset_minutes(zone))"
    " ELSE trino_instant_in_region(seen, zone) END)[1]",
    "trino_zoned(shown, zone) AS struct_pack(instant := trino_instant(shown, zone), zone := zone)",
    # Minutes from UTC of a value with time zone.
    "trino_minutes_of(instant, zone) AS CAST("
    "(epoch_us(trino_local(instant, zone)) - epoch_us(CAST(instant AS TIMESTAMP))) // 60000000 AS INTEGER)",
)
