"""Families of types whose names hold numbers: varchar, char, decimal, time and timestamp."""

from __future__ import annotations

from local_athena.types.model import (
    BIGINT,
    DATE,
    INTEGER,
    SMALLINT,
    TINYINT,
    UNKNOWN,
    Char,
    Decimal,
    Time,
    Timestamp,
    Type,
    Varchar,
)

_LONGEST_CHAR = 65536
_DIGITS: dict[Type, int] = {TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19, UNKNOWN: 1}


def family_of(type_: Type) -> str | None:
    """The family of a type, as signatures name it; None if it has no numbers."""
    match type_:
        case Varchar():
            return "varchar"
        case Char():
            return "char"
        case Decimal():
            return "decimal"
        case Time(_, zoned):
            return "time with time zone" if zoned else "time"
        case Timestamp(_, zoned):
            return "timestamp with time zone" if zoned else "timestamp"
    return None


def converted_to_family(type_: Type, base: str) -> Type | None:
    """The type of a family to which Trino converts another type by itself; None if it does not."""
    match base, type_:
        case "char", Varchar(length):
            return Char(_LONGEST_CHAR if length is None else min(length, _LONGEST_CHAR))
        case "decimal", _ if type_ in _DIGITS:
            return Decimal(_DIGITS[type_], 0)
        case "varchar", _ if type_ == UNKNOWN:
            return Varchar(0)
        case "char", _ if type_ == UNKNOWN:
            return Char(0)
        case (("timestamp" | "timestamp with time zone"), _) if type_ == DATE:
            return Timestamp(0, base != "timestamp")
        case "timestamp with time zone", Timestamp(precision, False):
            return Timestamp(precision, zoned=True)
        case "time with time zone", Time(precision, False):
            return Time(precision, zoned=True)
        case (("timestamp" | "timestamp with time zone"), _) if type_ == UNKNOWN:
            return Timestamp(3, base != "timestamp")
        case (("time" | "time with time zone"), _) if type_ == UNKNOWN:
            return Time(3, base != "time")
    return None


def numbers_of(type_: Type) -> tuple[int | None, ...]:
    """The numbers of a type of a family, in the order of its name."""
    match type_:
        case Varchar(length) | Char(length):
            return (length,)
        case Decimal(precision, scale):
            return (precision, scale)
        case Time(precision, _) | Timestamp(precision, _):
            return (precision,)
    return ()
