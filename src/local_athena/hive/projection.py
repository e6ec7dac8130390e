"""Partition projection: partitions that are computed from properties of the table instead of kept in Glue.

Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from local_athena.errors import AthenaError, not_supported
from local_athena.hive.partitions import path_name
from local_athena.locations import Folder

#: For each partition column, the texts that the query's condition names; columns that it does not name are missing.
Wanted = Mapping[str, Sequence[str]]

_MOST = 1_000_000
# Java's patterns of dates, as Python's.
_PATTERN = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_UNITS = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}
_FINEST = (("%S", "seconds"), ("%M", "minutes"), ("%H", "hours"), ("%d", "days"), ("%m", "months"), ("%Y", "years"))
_NOW = re.compile(r"NOW\s*(?:([+-])\s*(\d+)\s*([A-Z]+?)S?)?", re.IGNORECASE)


def is_enabled(parameters: Mapping[str, str]) -> bool:
    """Whether the table's partitions are projected."""
    return parameters.get("projection.enabled", "").lower() == "true"


def partitions(
    parameters: Mapping[str, str], columns: Sequence[str], location: Folder, wanted: Wanted
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Values and location of each partition that is projected and wanted.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY if a property is missing or malformed; CONSTRAINT_VIOLATION if the query
            does not say which value of an injected column it wants.
    """
    values = [_values(parameters, column, wanted) for column in columns]
    template = parameters.get("storage.location.template")
    for chosen in itertools.islice(itertools.product(*values), _MOST):
        if template is None:
            yield chosen, location.below(path_name(columns, chosen)).address
            continue
        place = template
        for column, value in zip(columns, chosen, strict=True):
            place = place.replace(f"${{{column}}}", value)
        yield chosen, place


def _values(parameters: Mapping[str, str], column: str, wanted: Wanted) -> Sequence[str]:
    kind = _property(parameters, column, "type").lower()
    if kind == "injected":
        if column not in wanted:
            message = (
                f"For the injected projected partition column {column}, the WHERE clause must contain only static "
                "equality conditions, and at least one such condition must be present."
            )
            raise AthenaError("CONSTRAINT_VIOLATION", message)
        return list(wanted[column])
    if kind == "enum":
        return [value.strip() for value in _property(parameters, column, "values").split(",")]
    if kind == "integer":
        return _integers(parameters, column)
    if kind == "date":
        return _dates(parameters, column)
    raise _invalid(f"Unknown projection type {kind} of column {column}")


def _integers(parameters: Mapping[str, str], column: str) -> list[str]:
    low, high = _range(parameters, column)
    step = int(parameters.get(f"projection.{column}.interval", "1"))
    digits = int(parameters.get(f"projection.{column}.digits", "0"))
    try:
        return [str(number).zfill(digits) for number in range(int(low), int(high) + 1, step)]
    except ValueError as error:
        raise _invalid(f"The range of column {column} is not of integers: {low},{high}") from error


def _dates(parameters: Mapping[str, str], column: str) -> list[str]:
    pattern = _python_pattern(_property(parameters, column, "format"))
    low, high = (_moment(text, pattern, column) for text in _range(parameters, column))
    finest = next(unit for directive, unit in _FINEST if directive in pattern)
    unit = parameters.get(f"projection.{column}.interval.unit", finest).lower()
    unit = unit if unit.endswith("s") else f"{unit}s"
    interval = int(parameters.get(f"projection.{column}.interval", "1"))
    found: list[str] = []
    moment = low
    while moment <= high and len(found) < _MOST:
        text = moment.strftime(pattern)
        if not found or found[-1] != text:
            found.append(text)
        moment = _later(moment, interval, unit)
    return found


def _later(moment: datetime, count: int, unit: str) -> datetime:
    if unit in _UNITS:
        return moment + count * _UNITS[unit]
    if unit not in ("months", "years"):
        raise _invalid(f"Unknown interval unit {unit}")
    months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "years" else 1)
    return moment.replace(year=months // 12, month=months % 12 + 1, day=min(moment.day, 28))


def _moment(text: str, pattern: str, column: str) -> datetime:
    """A date, or `NOW` with an offset, e.g. `NOW-3YEARS`."""
    found = _NOW.fullmatch(text.strip())
    if found is None:
        try:
            return datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - partitions have no zone
        except ValueError as error:
            raise _invalid(f"The range of column {column} does not have its format: {text}") from error
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    if found[1] is None:
        return now
    return _later(now, int(found[2]) * (1 if found[1] == "+" else -1), f"{found[3].lower()}s")


def _python_pattern(pattern: str) -> str:
    """A pattern of Java's DateTimeFormatter with Python's directives.

    Raises:
        AthenaError: NOT_SUPPORTED for letters that are not emulated.
    """
    text = ""
    for quoted, letters, other in re.findall(r"'([^']*)'|([A-Za-z]+?)(?=(?![A-Za-z])|$)|(.)", _spaced(pattern)):
        if letters and letters not in _PATTERN:
            raise not_supported(f"The local Athena does not project dates of the format {pattern}")
        text += _PATTERN.get(letters, quoted or other)
    return text.replace("\0", "")


def _spaced(pattern: str) -> str:
    """The pattern with a mark where one letter ends and another one begins, as in `yyyyMMdd`."""
    return re.sub(r"([A-Za-z])(?!\1)(?=[A-Za-z])", "\\1\0", pattern)


def _range(parameters: Mapping[str, str], column: str) -> tuple[str, str]:
    low, comma, high = _property(parameters, column, "range").partition(",")
    if not comma:
        raise _invalid(f"The range of column {column} needs two values")
    return low, high


def _property(parameters: Mapping[str, str], column: str, name: str) -> str:
    found = parameters.get(f"projection.{column}.{name}")
    if found is None:
        raise _invalid(f"Missing table property projection.{column}.{name}")
    return found


def _invalid(message: str) -> AthenaError:
    return AthenaError("INVALID_TABLE_PROPERTY", message)
