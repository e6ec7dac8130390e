"""The values of a snapshot column, and the dates that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from derived_tables.errors import must_be

DEFAULT_FORMATS = ("%Y-%m-%d", "%Y%m%d")
_PARTS = {"%Y": "(?P<year>[0-9]{4})", "%m": "(?P<month>[0-9]{2})", "%d": "(?P<day>[0-9]{2})"}


@dataclass(frozen=True, order=True)
class SnapshotDate:
    """A date in a snapshot column.

    Attributes:
        day: the date.
        text: what the column holds, as text; Hive's partitions are named by it.
        literal: the same in SQL, of the column's own type, so that a comparison with it leaves out other partitions.
    """

    day: date
    text: str
    literal: str


def read_value(value: object, formats: Sequence[str], where: str) -> SnapshotDate:
    """What a value of a snapshot column stands for.

    Args:
        value: a date, or a text or whole number that a format reads.
        formats: how texts and numbers name dates.
        where: names the column, for errors.

    Raises:
        RefusedError: it is no date.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return SnapshotDate(value, value.isoformat(), f"date '{value.isoformat()}'")
    text = str(value)
    for form in formats:
        found = None if isinstance(value, datetime) else re.fullmatch(_pattern(form), text)
        if found:
            parts = found.groupdict()
            try:
                day = date(int(parts["year"]), int(parts.get("month") or 1), int(parts.get("day") or 1))
            except ValueError:
                continue
            return SnapshotDate(day, text, text if isinstance(value, int) else "'" + text.replace("'", "''") + "'")
    raise must_be(
        where,
        f"a date, or a text or whole number like `{'` or `'.join(formats)}`",
        text,
        "Set `snapshot_format` in the config of the model if the column holds dates in another form.",
    )


def _pattern(form: str) -> str:
    pattern = re.escape(form).replace(re.escape("%"), "%")
    for code, group in _PARTS.items():
        pattern = pattern.replace(code, group, 1)
    return pattern
