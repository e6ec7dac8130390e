"""Parts of dates, times, timestamps and intervals.

Source: https://trino.io/docs/current/functions/datetime.html#convenience-extraction-functions
"""

from __future__ import annotations

from local_athena.dialect.functions.datetimes.zoned import on_clock, on_value
from local_athena.dialect.functions.registry import Implementation, Table

_TIMES = ("time(p)", "timestamp(p)")
# What DuckDB calls the parts of a date.
_OF_DATES = {
    ("year",): "year({0})",
    ("quarter",): "quarter({0})",
    ("month",): "month({0})",
    ("week", "week_of_year"): "week({0})",
    ("day", "day_of_month"): "day({0})",
    ("day_of_week", "dow"): "isodow({0})",
    ("day_of_year", "doy"): "dayofyear({0})",
    ("year_of_week", "yow"): "isoyear({0})",
}
_OF_CLOCKS = {
    "hour": "hour({0})",
    "minute": "minute({0})",
    "second": "second({0})",
    "millisecond": "millisecond({0}) % 1000",
}
# Of intervals, in milliseconds or months.
_OF_INTERVALS = {
    "day(interval day to second) -> bigint": "{0} // 86400000",
    "day_of_month(interval day to second) -> bigint": "{0} // 86400000",
    "hour(interval day to second) -> bigint": "{0} // 3600000 % 24",
    "minute(interval day to second) -> bigint": "{0} // 60000 % 60",
    "second(interval day to second) -> bigint": "{0} // 1000 % 60",
    "millisecond(interval day to second) -> bigint": "{0} % 1000",
    "year(interval year to month) -> bigint": "{0} // 12",
    "month(interval year to month) -> bigint": "{0} % 12",
    "to_milliseconds(interval day to second) -> bigint": "{0}",
}
_MINUTES = {
    "timestamp(p) with time zone": "trino_minutes_of({0}.instant, {0}.zone)",
    "time(p) with time zone": "trino_offset_of({0})",
}


def _of_dates() -> dict[str, Implementation]:
    table: dict[str, Implementation] = {}
    for names, template in _OF_DATES.items():
        for name in names:
            table[f"{name}(date) -> bigint"] = template
            table[f"{name}(timestamp(p)) -> bigint"] = template
            table[f"{name}(timestamp(p) with time zone) -> bigint"] = on_clock(template)
    return table


def _of_clocks() -> dict[str, Implementation]:
    table: dict[str, Implementation] = {}
    for name, template in _OF_CLOCKS.items():
        for type_ in _TIMES:
            table[f"{name}({type_}) -> bigint"] = template
        table[f"{name}(time(p) with time zone) -> bigint"] = template.replace("{0}", "trino_clock_of({0})")
        table[f"{name}(timestamp(p) with time zone) -> bigint"] = on_clock(template)
    return table


def _of_zones() -> dict[str, Implementation]:
    table: dict[str, Implementation] = {}
    for type_, minutes in _MINUTES.items():
        table[f"timezone_hour({type_}) -> bigint"] = on_value(f"CAST({minutes} // 60 AS BIGINT)")
        table[f"timezone_minute({type_}) -> bigint"] = on_value(f"CAST({minutes} % 60 AS BIGINT)")
    return table


SCALARS: Table = {
    **_of_dates(),
    **_of_clocks(),
    **_of_zones(),
    **_OF_INTERVALS,
    "last_day_of_month(date) -> date": "last_day({0})",
    "last_day_of_month(timestamp(p)) -> date": "last_day({0})",
    "last_day_of_month(timestamp(p) with time zone) -> date": on_clock("last_day({0})"),
}
