"""What Trino converts by itself, and to which type two types meet.

Source: https://trino.io/docs/current/functions/conversion.html, and what Trino answers in the corpus.
"""

from __future__ import annotations

from local_athena.types.model import (
    BIGINT,
    DATE,
    DOUBLE,
    INTEGER,
    MAX_DECIMAL_PRECISION,
    REAL,
    SMALLINT,
    TINYINT,
    UNKNOWN,
    Array,
    Char,
    Decimal,
    Field,
    Function,
    Map,
    Row,
    Simple,
    Time,
    Timestamp,
    Type,
    Varchar,
)

LONGEST_CHAR = 65536

# Whole numbers, narrowest first, with the decimal that holds each of them.
_DIGITS = {TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19}
_WHOLE = tuple(_DIGITS)
_FLOATING = (REAL, DOUBLE)
_NOT_COMPARABLE = frozenset(
    ("HyperLogLog", "P4HyperLogLog", "tdigest", "SetDigest", "Geometry", "SphericalGeography", "JsonPath")
)
_NOT_ORDERABLE = _NOT_COMPARABLE | {"json", "color"}


def can_coerce(source: Type, target: Type) -> bool:
    """Whether Trino converts `source` to `target` without a cast."""
    return common_type(source, target) == target


def common_type(left: Type, right: Type) -> Type | None:
    """The type both are converted to when they are compared or stand in one column; None if there is none."""
    if right in (left, UNKNOWN):
        return left
    if left == UNKNOWN:
        return right
    return _common(left, right) or _common(right, left)


def as_decimal(type_: Type) -> Decimal | None:
    """The decimal that holds every value of a whole number or decimal type; None for other types."""
    if isinstance(type_, Decimal):
        return type_
    digits = _DIGITS.get(type_) if isinstance(type_, Simple) else None
    return Decimal(digits, 0) if digits else None


def is_comparable(type_: Type) -> bool:
    """Whether `=`, DISTINCT and GROUP BY take the type."""
    match type_:
        case Simple(name):
            return name not in _NOT_COMPARABLE
        case Array(element):
            return is_comparable(element)
        case Map(_, value):
            return is_comparable(value)
        case Row(fields):
            return all(is_comparable(field.type) for field in fields)
    return not isinstance(type_, Function)


def is_orderable(type_: Type) -> bool:
    """Whether `<`, ORDER BY and min() take the type."""
    match type_:
        case Simple(name):
            return name not in _NOT_ORDERABLE
        case Array(element):
            return is_orderable(element)
        case Row(fields):
            return all(is_orderable(field.type) for field in fields)
    return not isinstance(type_, (Map, Function))


def _common(left: Type, right: Type) -> Type | None:
    """As `common_type` of different types, each pair of kinds in one order only."""
    match left, right:
        case Simple(), Simple():
            return _wider_number(left, right)
        case ((Simple() | Decimal()), Decimal()):
            if left in _FLOATING:
                return left
            own = as_decimal(left)
            return None if own is None else _wider_decimal(own, right)
        case Varchar(first), Varchar(second):
            return Varchar(None if first is None or second is None else max(first, second))
        case Char(first), Char(second):
            return Char(max(first, second))
        case Varchar(first), Char(second):
            return Char(min(LONGEST_CHAR, max(LONGEST_CHAR if first is None else first, second)))
        case Simple(), Timestamp() if left == DATE:
            return right
        case Time(), Time():
            return Time(max(left.precision, right.precision), left.zoned or right.zoned)
        case Timestamp(), Timestamp():
            return Timestamp(max(left.precision, right.precision), left.zoned or right.zoned)
        case Array(first), Array(second):
            element = common_type(first, second)
            return None if element is None else Array(element)
        case Map(first_key, first_value), Map(second_key, second_value):
            key, value = common_type(first_key, second_key), common_type(first_value, second_value)
            return None if key is None or value is None else Map(key, value)
        case Row(first), Row(second) if len(first) == len(second):
            return _common_row(first, second)
    return None


def _wider_number(left: Simple, right: Simple) -> Type | None:
    if left in _FLOATING and right in _FLOATING:
        return DOUBLE
    if left in _WHOLE and right in _FLOATING:
        return right
    if left in _WHOLE and right in _WHOLE:
        return max(left, right, key=_WHOLE.index)
    return None


def _wider_decimal(left: Decimal, right: Decimal) -> Decimal:
    scale = max(left.scale, right.scale)
    whole = max(left.precision - left.scale, right.precision - right.scale)
    return Decimal(min(MAX_DECIMAL_PRECISION, whole + scale), scale)


def _common_row(left: tuple[Field, ...], right: tuple[Field, ...]) -> Row | None:
    fields = []
    for first, second in zip(left, right, strict=True):
        common = common_type(first.type, second.type)
        if common is None:
            return None
        fields.append(Field(first.name if first.name == second.name else None, common))
    return Row(tuple(fields))
