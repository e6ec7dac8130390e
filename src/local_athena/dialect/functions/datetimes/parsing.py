"""Reads dates and times by the elements of a pattern, as Joda does, with its errors.

Generated SQL comes here only for texts of a form that DuckDB does not read.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta, timezone

from local_athena.dialect import zones
from local_athena.dialect.functions.datetimes.elements import Element, joda_elements, mysql_elements
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import raise_text

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_SHOWN_AFTER_ERROR = 32
_BASE = date(1970, 1, 1)
_DEFAULT_YEAR = 2000
_PIVOT_BEHIND = 30
_MYSQL_CENTURY = 1970
_YEARS = range(1, 10_000)
_PLAIN_DATE = "%Y-%m-%d"
_SIGNED = ("year", "week year")
_OFFSET = re.compile(r"Z|[+-]\d{2}(?::?\d{2})?")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_/+-]*|[+-]\d{2}:\d{2}")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AMERICAN = {"est": "New_York", "cst": "Chicago", "mst": "Denver", "pst": "Los_Angeles"}
_ZONE_NAMES = {
    **{name: f"America/{city}" for name, city in _AMERICAN.items()},
    **{f"{name[0]}dt": f"America/{city}" for name, city in _AMERICAN.items()},
    **dict.fromkeys(("utc", "gmt", "ut"), zones.UTC),
}
_ZONE_NAME = re.compile("|".join(_ZONE_NAMES), re.IGNORECASE)
# The long names before the short ones, which begin them.
_NAMES: dict[str, dict[str, int]] = {
    "month name": {name[:most].lower(): number for most in (9, 3) for number, name in enumerate(_MONTHS, 1)},
    "weekday name": {name[:most].lower(): number for most in (9, 3) for number, name in enumerate(_WEEKDAYS, 1)},
    "half day name": {"am": 0, "pm": 1},
    "era name": {"bc": 0, "ad": 1},
}
# In the order in which Joda sets them, with their names and ranges.
_RANGES = {
    "month": ("monthOfYear", 1, 12),
    "week": ("weekOfWeekyear", 1, 53),
    "day of year": ("dayOfYear", 1, 366),
    "day": ("dayOfMonth", 1, 31),
    "weekday": ("dayOfWeek", 1, 7),
    "hour": ("hourOfDay", 0, 23),
    "clock hour": ("clockhourOfDay", 1, 24),
    "hour of half day": ("hourOfHalfday", 0, 11),
    "clock hour of half day": ("clockhourOfHalfday", 1, 12),
    "minute": ("minuteOfHour", 0, 59),
    "second": ("secondOfMinute", 0, 59),
}
_BELOW_YEAR = ("month", "week", "day of year", "day", "weekday")


def parse_mysql(text: str, pattern: str) -> datetime:
    """What date_parse gives; raises its errors."""
    if pattern == _PLAIN_DATE and (match := re.fullmatch(r"([+-]?\d+)-(\d{1,2})-(\d{1,2})", text)):
        year, month, day = map(int, match.groups())
        return datetime.combine(_plain_date(year, month, day), datetime.min.time())
    return Reading(text).run(mysql_elements(pattern)).finished()


def parse_joda(text: str, pattern: str) -> dict[str, object]:
    """What parse_datetime gives: what the clock shows, and the zone; raises its errors."""
    reading = Reading(text).run(joda_elements(pattern))
    shown = reading.finished()
    if zones.is_skipped(str(shown), reading.zone):
        raise_text(
            _INVALID, f'Cannot parse "{text}": Illegal instant due to time zone offset transition ({reading.zone})'
        )
    return {"shown": shown, "zone": reading.zone}


def _plain_date(year: int, month: int, day: int) -> date:
    """A pattern that is a plain date is read by java.time, with other words."""
    if not 1 <= month <= 12:
        raise_text(_INVALID, f"Invalid value for MonthOfYear (valid values 1 - 12): {month}")
    if not 1 <= day <= 31:
        raise_text(_INVALID, f"Invalid value for DayOfMonth (valid values 1 - 28/31): {day}")
    _check_year(year)
    if (month, day) == (2, 29) and not calendar.isleap(year):
        raise_text(_INVALID, f"Invalid date 'February 29' as '{year}' is not a leap year")
    if day > calendar.monthrange(year, month)[1]:
        raise_text(_INVALID, f"Invalid date '{_MONTHS[month - 1].upper()} {day}'")
    return date(year, month, day)


def _check_year(year: int) -> None:
    if year not in _YEARS:
        raise_text("NOT_SUPPORTED", f"The local Athena reads no dates of the year {year}")


class Reading:
    """One text that is read.

    Attributes:
        zone: that it names; UTC if it names none.
    """

    def __init__(self, text: str) -> None:
        self.zone = zones.UTC
        self._text = text
        self._has_offset = False
        self._position = 0
        self._fields: dict[str, int] = {}

    def run(self, elements: tuple[Element, ...]) -> Reading:
        """Reads the text by the elements."""
        for element in elements:
            self.require(self._read(element))
        return self

    def finished(self) -> datetime:
        """What a clock shows, if all of the text was read."""
        self.require(self._position == len(self._text))
        return self._shown()

    def require(self, condition: bool) -> None:
        """The text is malformed where the reading stands if the condition does not hold."""
        if not condition:
            raise self._malformed()

    def read_field(self, kind: str, form: re.Pattern[str]) -> bool:
        """Reads a field, the group of a form."""
        match = form.match(self._text, self._position)
        if match is None:
            return False
        self._position = match.end()
        return self._keep(kind, int(match[1][:3].ljust(3, "0") if kind == "fraction" else match[1]))

    def read_offset(self) -> bool:
        """Reads the zone as an offset, if there is one."""
        return self._read_zone(_OFFSET)

    def _read(self, element: Element) -> bool:
        match element.kind:
            case "literal":
                return self.take(re.compile(re.escape(element.text), re.IGNORECASE)) is not None
            case "fraction":
                digits = self.take(re.compile(rf"\d{{1,{element.most}}}"))
                return self._keep("fraction", None if digits is None else int(digits[:3].ljust(3, "0")))
            case "year of century":
                digits = self.take(re.compile(r"\d{2}"))
                return self._keep("year", None if digits is None else _in_century(int(digits), _MYSQL_CENTURY))
            case "lenient year of century":
                return self._read_lenient_year()
            case "offset":
                return self._read_zone(_OFFSET)
            case "zone":
                return self._read_zone(_ZONE)
            case "zone name":
                return self._read_zone(_ZONE_NAME)
        if element.kind in _NAMES:
            name = self.take(re.compile("|".join(_NAMES[element.kind]), re.IGNORECASE))
            field = element.kind.removesuffix(" name")
            return self._keep(field, None if name is None else _NAMES[element.kind][name.lower()])
        sign = "[+-]?" if element.kind in _SIGNED else ""
        digits = self.take(re.compile(rf"{sign}\d{{1,{element.most}}}"))
        return self._keep(element.kind, None if digits is None else int(digits))

    def _read_lenient_year(self) -> bool:
        digits = self.take(re.compile(r"[+-]?\d+"))
        if digits is None:
            return False
        year = int(digits)
        if re.fullmatch(r"\d{2}", digits):
            year = _in_century(year, datetime.now(timezone.utc).year - _PIVOT_BEHIND - 50)
        return self._keep("year", year)

    def _read_zone(self, form: re.Pattern[str]) -> bool:
        start = self._position
        text = self.take(form)
        if text is None:
            return False
        name = _ZONE_NAMES[text.lower()] if form is _ZONE_NAME else zones.canonical(text)
        if name is None and zones.is_offset(text):
            raise_text("NOT_SUPPORTED", f"Time zone not supported: {text}")
        if name is None:
            self._position = start
            return False
        if form is _OFFSET or not self._has_offset:
            self.zone = name
        self._has_offset = self._has_offset or form is _OFFSET
        return True

    def take(self, form: re.Pattern[str]) -> str | None:
        """Reads what has the form; None, and nothing, if it has not."""
        match = form.match(self._text, self._position)
        if match is None:
            return None
        self._position = match.end()
        return match[0]

    def _keep(self, field: str, value: int | None) -> bool:
        if value is not None:
            self._fields[field] = value
        return value is not None

    def _malformed(self) -> Exception:
        position, text = self._position, self._text
        shown = text if len(text) <= position + _SHOWN_AFTER_ERROR else f"{text[: position + _SHOWN_AFTER_ERROR]}..."
        message = f'Invalid format: "{shown}"'
        if position >= len(text) > 0:
            message += " is too short"
        elif position > 0:
            message += f' is malformed at "{shown[position:]}"'
        raise_text(_INVALID, message)

    def _shown(self) -> datetime:
        for kind, (_, least, most) in _RANGES.items():
            self._require(kind, least, most)
        day = self._date()
        fields = self._fields
        hour = fields.get("half day", 0) * 12 + fields.get("hour of half day", 0)
        hour += fields.get("clock hour of half day", 0) % 12
        hour = fields.get("hour", fields.get("clock hour", hour) % 24)
        clock = timedelta(
            hours=hour,
            minutes=fields.get("minute", 0),
            seconds=fields.get("second", 0),
            milliseconds=fields.get("fraction", 0),
        )
        return datetime.combine(day, datetime.min.time()) + clock

    def _require(self, kind: str, least: int, most: int) -> None:
        value = self._fields.get(kind)
        if value is not None and not least <= value <= most:
            name = _RANGES[kind][0]
            message = f'Cannot parse "{self._text}": Value {value} for {name} must be in the range [{least},{most}]'
            raise_text(_INVALID, message)

    def _date(self) -> date:
        """Joda sets the fields from the longest to the shortest, each to the beginning of what it says."""
        fields, day = self._fields, _BASE
        if not {"year", "week year"} & fields.keys() and any(kind in fields for kind in _BELOW_YEAR):
            fields = {"year": _DEFAULT_YEAR, **fields}
        for kind in ("year", "week year"):
            _check_year(fields.get(kind, _DEFAULT_YEAR))
        if "year" in fields:
            day = date(fields["year"], 1, 1)
        if "week year" in fields:
            day = date.fromisocalendar(fields["week year"], 1, 1)
        if "month" in fields:
            day = day.replace(month=fields["month"], day=1)
        if "week" in fields:
            year = day.isocalendar().year
            self._require("week", 1, date(year, 12, 28).isocalendar().week)
            day = date.fromisocalendar(year, fields["week"], 1)
        if "day of year" in fields:
            self._require("day of year", 1, 366 if calendar.isleap(day.year) else 365)
            day = date(day.year, 1, 1) + timedelta(days=fields["day of year"] - 1)
        if "day" in fields:
            self._require("day", 1, calendar.monthrange(day.year, day.month)[1])
            day = day.replace(day=fields["day"])
        if "weekday" in fields:
            day += timedelta(days=fields["weekday"] - day.isoweekday())
        return day


def _in_century(year: int, start: int) -> int:
    """The year with these last two digits among the hundred from `start`."""
    return start + (year - start) % 100


PYTHON = (
    PythonFunction("trino_parse_mysql", parse_mysql, ["VARCHAR", "VARCHAR"], "TIMESTAMP"),
    PythonFunction("trino_parse_joda", parse_joda, ["VARCHAR", "VARCHAR"], "STRUCT(shown TIMESTAMP, zone VARCHAR)"),
)
