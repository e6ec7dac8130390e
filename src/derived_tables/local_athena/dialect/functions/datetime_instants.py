"""Dates, instants and time zones: what converts between them.

Source: https://trino.io/docs/current/functions/datetime.html
"""

from __future__ import annotations

from derived_tables.local_athena.dialect import zones
from derived_tables.local_athena.dialect.casts import cast
from derived_tables.local_athena.dialect.functions.datetime_zoned import on_value
from derived_tables.local_athena.dialect.functions.registry import Call, Table
from derived_tables.local_athena.dialect.representation import literal
from derived_tables.local_athena.dialect.snippets import fail, once, once_each
from derived_tables.local_athena.dialect.typed import Typed
from derived_tables.local_athena.errors import raise_sql
from derived_tables.local_athena.types.model import INTERVAL_DAY_TO_SECOND

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_BOTH = "(CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {} END)"

MACROS = (
    "trino_offset_zone(minutes) AS (CASE WHEN abs(minutes) > 840 THEN "
    + raise_sql(_INVALID, "'Invalid offset minutes ' || minutes")
    + " WHEN minutes = 0 THEN 'UTC' ELSE trino_offset_text(minutes) END)",
    # NaN is the epoch, as a cast of Java makes it.
    "trino_unixtime(x) AS make_timestamp(CASE WHEN isnan(x) THEN 0 ELSE CAST(floor(x * 1000 + 0.5) AS BIGINT) * 1000 END)",
    "trino_at_zone(z, name) AS (CASE WHEN z IS NOT NULL AND name IS NOT NULL"
    " THEN struct_pack(instant := z.instant, zone := name) END)",
    "trino_with_zone(t, name) AS (CASE WHEN t IS NOT NULL AND name IS NOT NULL THEN trino_zoned(t, name) END)",
    "trino_iso_offset(minutes) AS (CASE WHEN minutes = 0 THEN 'Z' ELSE trino_offset_text(minutes) END)",
)
PYTHON = ()


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
        return f"coalesce(trino_zone({text}), CASE WHEN {text} IS NOT NULL THEN {failure} END)"

    known = zones.canonical(zone.constant) if isinstance(zone.constant, str) else None
    return once(zone.sql, checked) if known is None else literal(known)


def _at_timezone(call: Call) -> str:
    return once_each((call.sqls[0], zone_name(call.typed(1))), "trino_at_zone({}, {})".format)


def _with_timezone(call: Call) -> str:
    return once_each((call.sqls[0], zone_name(call.typed(1))), "trino_with_zone({}, {})".format)


def _from_unixtime(call: Call) -> str:
    name = zone_name(call.typed(1), "Time zone not supported: {0}", "NOT_SUPPORTED")
    return once_each((call.sqls[0], name), "trino_at_zone(struct_pack(instant := trino_unixtime({0})), {1})".format)
