"""date_add, date_diff and date_trunc.

Source: https://trino.io/docs/current/functions/datetime.html#interval-functions
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from local_athena.dialect.casts import cast
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.representation import MOST_DIGITS
from local_athena.dialect.snippets import once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import raise_sql
from local_athena.types.model import Time, Timestamp

_CLOCK = {"millisecond": 1000, "second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_MS_OF_DAY = 86_400_000
_MS_DIGITS = 3

# What a function does for each unit: templates, with `{0}`, `{1}` for the arguments after the unit.
Units = Mapping[str, str]

_ADD_TO_DATE: Units = {
    **{unit: f"({{1}} + CAST({{0}} * {days} AS INTEGER))" for unit, days in _DAYS.items()},
    **{unit: f"CAST(trino_add_months({{1}}, {{0}} * {months}) AS DATE)" for unit, months in _MONTHS.items()},
}
_ADD_TO_TIME: Units = {unit: f"({{1}} + to_microseconds({{0}} * {us}))" for unit, us in _CLOCK.items()}
_ADD_DAYS: Units = {
    **{unit: f"({{1}} + to_days(CAST({{0}} * {days} AS INTEGER)))" for unit, days in _DAYS.items()},
    **{unit: f"trino_add_months({{1}}, {{0}} * {months})" for unit, months in _MONTHS.items()},
}
_DIFF_TIMES: Units = {
    unit: f"((trino_ms_of({{1}}) - trino_ms_of({{0}})) // {us // 1000})" for unit, us in _CLOCK.items()
}
_DIFF_OF_DAY: Units = {unit: f"((epoch_us({{1}}) - epoch_us({{0}})) // {us})" for unit, us in _CLOCK.items()}
_DIFF_DATES: Units = {
    **{unit: f"(({{1}} - {{0}}) // {days})" for unit, days in _DAYS.items()},
    **{unit: f"datesub('{unit}', {{0}}, {{1}})" for unit in _MONTHS},
}
_DIFF_DAYS: Units = {
    **{unit: f"((trino_ms_of({{1}}) - trino_ms_of({{0}})) // {days * _MS_OF_DAY})" for unit, days in _DAYS.items()},
    **{unit: f"datesub('{unit}', {{0}}, {{1}})" for unit in _MONTHS},
}
_TRUNC_DATE: Units = {unit: f"CAST(date_trunc('{unit}', {{0}}) AS DATE)" for unit in (*_DAYS, *_MONTHS)}
_TRUNC_TIME: Units = {
    unit: f"(TIME '00:00:00' + to_microseconds(trino_floor(epoch_us({{0}}), {us})))" for unit, us in _CLOCK.items()
}
_TRUNC_CLOCK: Units = {unit: f"date_trunc('{unit}', {{0}})" for unit in _CLOCK}
_TRUNC_DAYS: Units = {unit: f"date_trunc('{unit}', {{0}})" for unit in (*_DAYS, *_MONTHS)}

MACROS = (
    # DuckDB rounds towards the epoch.
    "trino_ms_of(t) AS epoch_ms(date_trunc('millisecond', t))",
)


def _local(argument: str, zone_of: str) -> str:
    return f"trino_local({argument}.instant, {zone_of}.zone)"


def _if_present(condition: str, units: Units) -> Units:
    """A STRUCT made of nulls would be no null."""
    return {unit: f"(CASE WHEN {condition} THEN {template} END)" for unit, template in units.items()}


def _in_time_with_zone(argument: str, units: Units, condition: str) -> Units:
    part = f"trino_clock_of({argument})"
    made = {
        unit: f"struct_pack(local := {template.replace(argument, part)}, minutes := trino_offset_of({argument}))"
        for unit, template in units.items()
    }
    return _if_present(condition, made)


_BOTH = "{0} IS NOT NULL AND {1} IS NOT NULL"
_ADD_TO_ZONED: Units = _if_present(
    _BOTH,
    {
        **{
            unit: f"struct_pack(instant := {template.replace('{1}', 'trino_instant_of({1})')}, zone := {{1}}.zone)"
            for unit, template in _ADD_TO_TIME.items()
        },
        **{
            unit: f"trino_zoned({template.replace('{1}', _local('{1}', '{1}'))}, {{1}}.zone)"
            for unit, template in _ADD_DAYS.items()
        },
    },
)
# Days and more are those of the zone of the first.
_DIFF_ZONED: Units = {
    **{
        unit: template.replace("{0}", "trino_instant_of({0})").replace("{1}", "trino_instant_of({1})")
        for unit, template in _DIFF_TIMES.items()
    },
    **{
        unit: template.replace("{0}", "{2}").replace("{1}", _local("{1}", "{0}")).replace("{2}", _local("{0}", "{0}"))
        for unit, template in _DIFF_DAYS.items()
    },
}
_SHOWN = _local("{0}", "{0}")
# The hour that a change of the clock repeats stays the first or the second one.
_TRUNC_ZONED: Units = _if_present(
    "{0} IS NOT NULL",
    {
        **{
            unit: "struct_pack(instant := trino_instant_of({0})"
            f" - to_microseconds(trino_floor_mod(epoch_us({_SHOWN}), {us})), zone := {{0}}.zone)"
            for unit, us in _CLOCK.items()
        },
        **{unit: f"trino_zoned({each.replace('{0}', _SHOWN)}, {{0}}.zone)" for unit, each in _TRUNC_DAYS.items()},
    },
)


def _choosing(field: str, units: Units) -> Callable[[Call], str]:
    """A function whose first argument names the unit.

    Args:
        field: what Trino's message calls the unit: `DATE`, `TIME` or `TIMESTAMP`.
        units: what is done for each unit.
    """

    def implementation(call: Call) -> str:
        name, *others = call.sqls
        constant = call.typed(0).constant
        if isinstance(constant, str) and constant.lower() in units:
            return once_each(others, lambda *values: _rounded(call, constant.lower(), units, values))
        return once_each((name, *others), lambda unit, *values: _by_unit(call, field, units, unit, values))

    return implementation


def _by_unit(call: Call, field: str, units: Units, name: str, values: tuple[str, ...]) -> str:
    branches = " ".join(f"WHEN '{unit}' THEN {_rounded(call, unit, units, values)}" for unit in units)
    wrong = raise_sql("INVALID_FUNCTION_ARGUMENT", f"'''' || {name} || ''' is not a valid {field} field'")
    given = " AND ".join(f"{value} IS NOT NULL" for value in (name, *values))
    return f"(CASE lower({name}) {branches} ELSE CASE WHEN {given} THEN {wrong} END END)"


def _rounded(call: Call, unit: str, units: Units, values: tuple[str, ...]) -> str:
    """Milliseconds that are added to coarser values are rounded."""
    sql, result = units[unit].format(*values), call.result
    if call.name == "date_add" and unit == "millisecond" and isinstance(result, (Time, Timestamp)):
        finest = replace(result, precision=MOST_DIGITS)
        return cast(Typed(sql, finest), result).sql if result.precision < _MS_DIGITS else sql
    return sql


_TIME, _ZONED_TIME = "time(p)", "time(p) with time zone"
_STAMP, _ZONED = "timestamp(p)", "timestamp(p) with time zone"
_UTC_TIMES = {unit: f"((trino_utc_us({{1}}) - trino_utc_us({{0}})) // {us})" for unit, us in _CLOCK.items()}

SCALARS: Table = {
    "date_add(varchar(x), bigint, date) -> date": _choosing("DATE", _ADD_TO_DATE),
    f"date_add(varchar(x), bigint, {_TIME}) -> {_TIME}": _choosing("TIME", _ADD_TO_TIME),
    f"date_add(varchar(x), bigint, {_ZONED_TIME}) -> {_ZONED_TIME}": _choosing(
        "TIME", _in_time_with_zone("{1}", _ADD_TO_TIME, _BOTH)
    ),
    f"date_add(varchar(x), bigint, {_STAMP}) -> {_STAMP}": _choosing("TIMESTAMP", {**_ADD_TO_TIME, **_ADD_DAYS}),
    f"date_add(varchar(x), bigint, {_ZONED}) -> {_ZONED}": _choosing("TIMESTAMP", _ADD_TO_ZONED),
    "date_diff(varchar(x), date, date) -> bigint": _choosing("DATE", _DIFF_DATES),
    f"date_diff(varchar(x), {_TIME}, {_TIME}) -> bigint": _choosing("TIME", _DIFF_OF_DAY),
    f"date_diff(varchar(x), {_ZONED_TIME}, {_ZONED_TIME}) -> bigint": _choosing("TIME", _UTC_TIMES),
    f"date_diff(varchar(x), {_STAMP}, {_STAMP}) -> bigint": _choosing("TIMESTAMP", {**_DIFF_TIMES, **_DIFF_DAYS}),
    f"date_diff(varchar(x), {_ZONED}, {_ZONED}) -> bigint": _choosing("TIMESTAMP", _DIFF_ZONED),
    "date_trunc(varchar(x), date) -> date": _choosing("DATE", _TRUNC_DATE),
    f"date_trunc(varchar(x), {_TIME}) -> {_TIME}": _choosing("TIME", _TRUNC_TIME),
    f"date_trunc(varchar(x), {_ZONED_TIME}) -> {_ZONED_TIME}": _choosing(
        "TIME", _in_time_with_zone("{0}", _TRUNC_TIME, "{0} IS NOT NULL")
    ),
    f"date_trunc(varchar(x), {_STAMP}) -> {_STAMP}": _choosing("TIMESTAMP", {**_TRUNC_CLOCK, **_TRUNC_DAYS}),
    f"date_trunc(varchar(x), {_ZONED}) -> {_ZONED}": _choosing("TIMESTAMP", _TRUNC_ZONED),
}
