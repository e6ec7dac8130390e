"""What a statement's clock shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from local_athena.dialect.casts import cast
from local_athena.dialect.representation import MOST_DIGITS
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import DATE, Time, Timestamp

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
_DEFAULT_DIGITS = 3
_MOST_DIGITS_OF_TRINO = 12
_TYPES: dict[str, type[Time] | type[Timestamp]] = {
    "current_time": Time,
    "current_timestamp": Timestamp,
    "now": Timestamp,
    "localtime": Time,
    "localtimestamp": Timestamp,
}
_LOCAL = ("localtime", "localtimestamp")


def current(what: str, now: int, precision: int | None = None) -> Typed:
    """`current_date`, `current_time`, `current_timestamp`, `localtime`, `localtimestamp`, `now`; from `now` in µs."""
    if what == "current_date":
        day = (_EPOCH + timedelta(microseconds=now)).date()
        return Typed(f"DATE '{day}'", DATE, day)
    digits = _DEFAULT_DIGITS if precision is None else precision
    made = _TYPES[what]
    if digits > _MOST_DIGITS_OF_TRINO:
        name = "TIME" if made is Time else "TIMESTAMP"
        message = f"{name} precision must be in range [0, {_MOST_DIGITS_OF_TRINO}]: {digits}"
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", message)
    finest = Timestamp(MOST_DIGITS)
    type_ = made(digits, what not in _LOCAL)
    return cast(Typed(f"make_timestamp({now})", finest), type_)
