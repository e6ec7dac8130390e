"""Functions that SQL writes in forms of their own: `||`, EXTRACT, AT TIME ZONE."""

from __future__ import annotations

from local_athena.dialect.casts import coerce
from local_athena.dialect.functions.calls import scalar
from local_athena.dialect.functions.datetimes.instants import zone_name
from local_athena.dialect.operators.combine import combined
from local_athena.dialect.snippets import once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import (
    DATE,
    INTERVAL_DAY_TO_SECOND,
    UNKNOWN,
    Time,
    Timestamp,
    Type,
    Varchar,
)

_OF_CLOCKS = ("hour", "minute", "second")
_OF_ZONES = ("timezone_hour", "timezone_minute")


def concat(left: Typed, right: Typed) -> Typed:
    """`||` of strings, varbinaries, arrays, or an array and an element."""
    return scalar("concat", [left, right])


def extract(field: str, value: Typed) -> Typed:
    """`EXTRACT(field FROM value)`."""
    name = field.lower()
    if value.type != UNKNOWN and not _needs_more(name, value.type):
        try:
            return scalar(name, [value])
        except AthenaError as error:
            if error.name != "FUNCTION_NOT_FOUND":
                raise
    raise AthenaError("TYPE_MISMATCH", f"Cannot extract {field.upper()} from {value.type}")


def _needs_more(field: str, type_: Type) -> bool:
    """Whether the function would convert the value first, which EXTRACT does not."""
    if field in _OF_ZONES:
        return not (isinstance(type_, (Time, Timestamp)) and type_.zoned)
    return type_ == DATE and field in _OF_CLOCKS


def at_time_zone(value: Typed, zone: Typed) -> Typed:
    """`value AT TIME ZONE zone`; a zone is a varchar or an interval."""
    if not isinstance(value.type, (Time, Timestamp)):
        what = "Type of value must be a time or timestamp with or without time zone"
        raise AthenaError("TYPE_MISMATCH", f"{what} (actual {value.type})")
    if not isinstance(zone.type, Varchar) and zone.type != INTERVAL_DAY_TO_SECOND:
        what = "Type of time zone must be varchar or interval day to second"
        raise AthenaError("TYPE_MISMATCH", f"{what} (actual {zone.type})")
    zoned = coerce(value, type(value.type)(value.type.precision, zoned=True))
    macro = "trino_time_at_zone" if isinstance(value.type, Time) else "trino_at_zone"
    sql = once_each((zoned.sql, zone_name(zone)), lambda time, name: f"{macro}({time}, {name})")
    return combined(sql, zoned.type, value, zone)


MACROS = (
    # A region's offset is the one it has now.
    "trino_time_in(z, minutes) AS struct_pack("
    "local := trino_clock_of(z) + to_minutes(minutes - trino_offset_of(z)), minutes := minutes)",
    "trino_time_at_zone(z, name) AS (CASE WHEN z IS NOT NULL AND name IS NOT NULL"
    " THEN trino_time_in(z, trino_minutes_of(timezone('UTC', now()), name)) END)",
)
