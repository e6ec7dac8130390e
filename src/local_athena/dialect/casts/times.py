"""Casts from and to dates, times, timestamps and intervals."""

from __future__ import annotations

from local_athena.dialect.casts.conversion import Conversion, Rule, Rules
from local_athena.dialect.casts.texts import as_text
from local_athena.dialect.representation import MOST_DIGITS, literal
from local_athena.types.model import DATE, Time, Timestamp, Type

_DATE = "[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}"
_CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-9]{1,2}(?::[0-9]{1,2}(?:\.[0-9]+)?)?"
_TIMESTAMP = f"{_DATE}(?: {_CLOCK})?"
_OFFSET = "[+-][0-9]{2}(?::?[0-9]{2})?"


PARSE_MACROS = (
    # Rounds half up to a multiple of `unit`, also below zero.
    "trino_floor_mod(x, unit) AS ((x % unit) + unit) % unit",
    "trino_floor(x, unit) AS x - trino_floor_mod(x, unit)",
    "trino_round_timestamp(t, unit) AS make_timestamp(trino_floor(epoch_us(CAST(t AS TIMESTAMP)) + unit // 2, unit))",
    "trino_round_time(t, unit) AS (TIME '00:00:00'"
    " + to_microseconds(trino_floor(epoch_us(CAST(t AS TIME)) + unit // 2, unit) % 86400000000))",
    # Null if the text is no date.
    r"trino_parse_date(x) AS (CASE"
    r" WHEN regexp_full_match(x, '\s*[0-9]+-[0-9]{1,2}-[0-9]{1,2}\s*') THEN TRY_CAST(x AS DATE)"
    r" WHEN regexp_full_match(x, '\s*[+-][0-9]+-[0-9]{1,2}-[0-9]{1,2}\s*') THEN TRY(make_date("
    r"CAST(regexp_extract(x, '[+-][0-9]+') AS BIGINT), CAST(regexp_extract(x, '-([0-9]+)-[0-9]+\s*$', 1) AS BIGINT),"
    r" CAST(regexp_extract(x, '([0-9]+)\s*$', 1) AS BIGINT))) END)",
    # DuckDB cuts what is finer than a microsecond.
    r"trino_rounded_timestamp(x, unit) AS trino_round_timestamp(TRY_CAST(trim(x) AS TIMESTAMP)"
    r" + to_microseconds(CASE WHEN unit = 1 AND regexp_matches(x, '\.[0-9]{6}[5-9]') THEN 1 ELSE 0 END), unit)",
    "trino_timestamp_parts(x) AS"
    rf" regexp_extract(x, '^\s*({_TIMESTAMP})\s*(.*?)\s*$', ['shown', 'zone'])",
    # Null if the text is no timestamp; its zone, if it has one, does not count but must be one.
    rf"trino_parse_timestamp(x, unit) AS (CASE WHEN regexp_full_match(x, '\s*{_TIMESTAMP}\s*')"
    " THEN trino_rounded_timestamp(x, unit) WHEN trino_zone(trino_timestamp_parts(x).zone) IS NOT NULL"
    " THEN trino_rounded_timestamp(trino_timestamp_parts(x).shown, unit) END)",
    rf"trino_parse_zoned(x, unit) AS (CASE WHEN regexp_full_match(x, '\s*{_TIMESTAMP}\s*')"
    " THEN struct_pack(instant := trino_rounded_timestamp(x, unit), zone := 'UTC')"
    " WHEN trino_zone(trino_timestamp_parts(x).zone) IS NOT NULL THEN trino_zoned("
    "trino_rounded_timestamp(trino_timestamp_parts(x).shown, unit), trino_zone(trino_timestamp_parts(x).zone)) END)",
    rf"trino_parse_time(x, unit) AS (CASE WHEN regexp_full_match(x, '{_CLOCK}') THEN"
    " TRY_CAST(trino_rounded_timestamp('2000-01-01 ' || x, unit) AS TIME) END)",
    rf"trino_parse_zoned_time(x, unit) AS (CASE WHEN regexp_full_match(x, '{_CLOCK}') THEN"
    " struct_pack(local := trino_parse_time(x, unit), minutes := 0)"
    rf" WHEN regexp_full_match(x, '{_CLOCK}{_OFFSET}') THEN struct_pack("
    rf"local := trino_parse_time(regexp_replace(x, '{_OFFSET}$', ''), unit),"
    rf" minutes := trino_offset_minutes(rpad(replace(regexp_extract(x, '{_OFFSET}$'), ':', ''), 5, '0')[:3] || ':'"
    rf" || right(rpad(replace(regexp_extract(x, '{_OFFSET}$'), ':', ''), 5, '0'), 2))) END)",
)


def rounded(sql: str, source: Type, target: Type) -> str:
    """A TIME or TIMESTAMP with the target's digits of a second."""
    have, want = _digits(source), _digits(target)
    if have <= want:
        return sql
    macro = "trino_round_time" if isinstance(source, Time) else "trino_round_timestamp"
    return f"{macro}({sql}, {10 ** (MOST_DIGITS - want)})"


def _digits(type_: Type) -> int:
    return type_.precision if isinstance(type_, (Time, Timestamp)) else 0


def _rounded(cast: Conversion, sql: str) -> str:
    return rounded(sql, cast.source, cast.target)


def _local(value: str) -> str:
    return f"trino_local({value}.instant, {value}.zone)"


def _if_present(cast: Conversion, result: str) -> str:
    """A STRUCT made of a value is null, and not of nulls, if the value is null."""
    return f"(CASE WHEN {cast.value} IS NOT NULL THEN {result} END)"


def _zoned_to_zoned(cast: Conversion) -> str:
    if _digits(cast.source) <= _digits(cast.target):
        return cast.value
    instant = _rounded(cast, f"trino_instant_of({cast.value})")
    return _if_present(cast, f"struct_pack(instant := {instant}, zone := {cast.value}.zone)")


def _zoned_time_to_zoned_time(cast: Conversion) -> str:
    if _digits(cast.source) <= _digits(cast.target):
        return cast.value
    local = _rounded(cast, f"trino_clock_of({cast.value})")
    return _if_present(cast, f"struct_pack(local := {local}, minutes := trino_offset_of({cast.value}))")


def _zoned_to_zoned_time(cast: Conversion) -> str:
    value = cast.value
    local = f"CAST({_rounded(cast, _local(value))} AS TIME)"
    minutes = f"trino_minutes_of({value}.instant, {value}.zone)"
    return _if_present(cast, f"struct_pack(local := {local}, minutes := {minutes})")


def _time_to_zoned_time(cast: Conversion) -> str:
    return _if_present(cast, f"struct_pack(local := {_rounded(cast, cast.value)}, minutes := 0)")


def _timestamp_to_zoned_time(cast: Conversion) -> str:
    local = f"CAST({_rounded(cast, cast.value)} AS TIME)"
    return _if_present(cast, f"struct_pack(local := {local}, minutes := 0)")


def _zoned_time_to_zoned(cast: Conversion) -> str:
    value = cast.value
    shown = f"current_date + {_rounded(cast, f'trino_clock_of({value})')}"
    zone = f"CASE trino_offset_of({value}) WHEN 0 THEN 'UTC' ELSE trino_offset_text(trino_offset_of({value})) END"
    return _if_present(cast, f"trino_zoned({shown}, {zone})")


def _parsed(macro: str, what: str) -> Rule:
    """A rule for text."""

    def rule(cast: Conversion) -> str:
        unit = 10 ** (MOST_DIGITS - _digits(cast.target))
        attempt = f"{macro}({cast.value})" if cast.target == DATE else f"{macro}({cast.value}, {unit})"
        shown = f"trim({cast.value})" if isinstance(cast.target, Timestamp) else cast.value
        return cast.attempted(attempt, f"{literal(f'Value cannot be cast to {what}: ')} || {shown}")

    return rule


def _with_digits(macro: str) -> Rule:
    """A rule for text of a time, with as many digits as its type has."""

    def rule(cast: Conversion) -> str:
        return as_text(lambda value: f"{macro}({value}, {_digits(cast.source)})")(cast)

    return rule


def _date_text(value: str) -> str:
    return f"trino_date_text({value})"


RULES: Rules = {
    ("varchar", "date"): _parsed("trino_parse_date", "date"),
    ("varchar", "time"): _parsed("trino_parse_time", "time"),
    ("varchar", "time with time zone"): _parsed("trino_parse_zoned_time", "timestamp"),
    ("varchar", "timestamp"): _parsed("trino_parse_timestamp", "timestamp"),
    ("varchar", "timestamp with time zone"): _parsed("trino_parse_zoned", "timestamp"),
    ("date", "varchar"): as_text(_date_text, _date_text),
    ("date", "timestamp"): Conversion.plain,
    ("date", "timestamp with time zone"): lambda cast: _if_present(
        cast, f"struct_pack(instant := CAST({cast.value} AS TIMESTAMP), zone := 'UTC')"
    ),
    ("time", "varchar"): _with_digits("trino_clock_text"),
    ("time", "time"): lambda cast: _rounded(cast, cast.value),
    ("time", "time with time zone"): _time_to_zoned_time,
    ("time", "timestamp"): lambda cast: f"(current_date + {_rounded(cast, cast.value)})",
    ("time", "timestamp with time zone"): lambda cast: _if_present(
        cast, f"struct_pack(instant := current_date + {_rounded(cast, cast.value)}, zone := 'UTC')"
    ),
    ("time with time zone", "varchar"): _with_digits("trino_zoned_clock_text"),
    ("time with time zone", "time"): lambda cast: _rounded(cast, f"trino_clock_of({cast.value})"),
    ("time with time zone", "time with time zone"): _zoned_time_to_zoned_time,
    ("time with time zone", "timestamp"): lambda cast: (
        f"(current_date + {_rounded(cast, f'trino_clock_of({cast.value})')})"
    ),
    ("time with time zone", "timestamp with time zone"): _zoned_time_to_zoned,
    ("timestamp", "varchar"): _with_digits("trino_timestamp_text"),
    ("timestamp", "date"): Conversion.plain,
    ("timestamp", "time"): lambda cast: f"CAST({_rounded(cast, cast.value)} AS TIME)",
    ("timestamp", "time with time zone"): _timestamp_to_zoned_time,
    ("timestamp", "timestamp"): lambda cast: _rounded(cast, cast.value),
    ("timestamp", "timestamp with time zone"): lambda cast: _if_present(
        cast, f"struct_pack(instant := {_rounded(cast, cast.value)}, zone := 'UTC')"
    ),
    ("timestamp with time zone", "varchar"): _with_digits("trino_zoned_text"),
    ("timestamp with time zone", "date"): lambda cast: f"CAST({_local(cast.value)} AS DATE)",
    ("timestamp with time zone", "time"): lambda cast: f"CAST({_rounded(cast, _local(cast.value))} AS TIME)",
    ("timestamp with time zone", "time with time zone"): _zoned_to_zoned_time,
    ("timestamp with time zone", "timestamp"): lambda cast: _rounded(cast, _local(cast.value)),
    ("timestamp with time zone", "timestamp with time zone"): _zoned_to_zoned,
    ("interval day to second", "varchar"): as_text(lambda value: f"trino_interval_text({value})"),
    ("interval year to month", "varchar"): as_text(lambda value: f"trino_months_text({value})"),
}
