"""from_iso8601_date and from_iso8601_timestamp.

Source: https://trino.io/docs/current/functions/datetime.html, and the grammar of Joda's `ISODateTimeFormat`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from local_athena.dialect.functions.datetimes.parsing import Reading
from local_athena.dialect.functions.datetimes.zoned import on_value
from local_athena.dialect.functions.registry import Table
from local_athena.dialect.runtime import PythonFunction

# What may follow: a mark, the field that its digits are, and what may follow that.
_DIGITS = r"(\d{1,2})"
_DATES: Sequence[Sequence[tuple[str, str]]] = (
    ((r"([+-]?\d{1,9})(?=-W)", "week year"), (rf"-W{_DIGITS}", "week"), (r"-(\d)", "weekday")),
    ((r"([+-]?\d{1,9})(?=-\d{3}(?!\d))", "year"), (r"-(\d{3})", "day of year")),
    ((r"([+-]?\d{1,9})", "year"), (rf"-{_DIGITS}", "month"), (rf"-{_DIGITS}", "day")),
)
_TIME = ((_DIGITS, "hour"), (rf":{_DIGITS}", "minute"), (rf":{_DIGITS}", "second"), (r"[.,](\d+)", "fraction"))


def parse_iso_date(text: str) -> date:
    """What from_iso8601_date gives; raises its errors."""
    reading = Reading(text)
    reading.require(_read_date(reading))
    return reading.finished().date()


def parse_iso_timestamp(text: str) -> dict[str, object]:
    """What from_iso8601_timestamp gives: what the clock shows, and the zone; raises its errors."""
    reading = Reading(text)
    dated = _read_date(reading)
    timed = reading.take(re.compile("T")) is not None
    reading.require(dated or timed)
    if timed:
        _read_chain(reading, _TIME)
        reading.read_offset()
    return {"shown": reading.finished(), "zone": reading.zone}


def _read_date(reading: Reading) -> bool:
    return any(_read_chain(reading, chain) for chain in _DATES)


def _read_chain(reading: Reading, chain: Sequence[tuple[str, str]]) -> bool:
    """Reads as much of it as there is; false if nothing."""
    for count, (form, kind) in enumerate(chain):
        if not reading.read_field(kind, re.compile(form)):
            return count > 0
    return True


PYTHON = (
    PythonFunction("trino_parse_iso_date", parse_iso_date, ["VARCHAR"], "DATE"),
    PythonFunction(
        "trino_parse_iso_timestamp", parse_iso_timestamp, ["VARCHAR"], "STRUCT(shown TIMESTAMP, zone VARCHAR)"
    ),
)

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
_USUAL_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_USUAL = f"{_USUAL_DATE}T{_CLOCK}Z?"

MACROS = (
    f"trino_usual_iso_date(x) AS (CASE WHEN regexp_full_match(x, '{_USUAL_DATE}') THEN TRY_CAST(x AS DATE) END)",
    f"trino_usual_iso_timestamp(x) AS (CASE WHEN regexp_full_match(x, '{_USUAL}') THEN"
    " date_trunc('millisecond', TRY_CAST(replace(rtrim(x, 'Z'), 'T', ' ') AS TIMESTAMP)) END)",
    "trino_of_iso(z) AS (CASE WHEN z IS NOT NULL THEN trino_zoned(CAST(z.shown AS TIMESTAMP), z.zone) END)",
    "trino_iso_or_usual(x, usual) AS (CASE WHEN usual IS NOT NULL THEN struct_pack(instant := usual, zone := 'UTC')"
    " ELSE trino_of_iso(trino_parse_iso_timestamp(x)) END)",
)

SCALARS: Table = {
    "from_iso8601_date(varchar(x)) -> date": on_value(
        "coalesce(trino_usual_iso_date({0}), trino_parse_iso_date({0}))",
    ),
    "from_iso8601_timestamp(varchar(x)) -> timestamp(3) with time zone": on_value(
        "trino_iso_or_usual({0}, trino_usual_iso_timestamp({0}))",
    ),
}
