"""Functions of numbers that are rare enough to be Python: bases, buckets, distributions, sizes.

Source: https://trino.io/docs/current/functions/math.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

from local_athena.dialect.functions.registry import Table
from local_athena.dialect.functions.sqls import each
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import raise_text

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST = 2**63 - 1


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise_text(_INVALID, message)


def _from_base(text: str, radix: int) -> int:
    _refuse(not 2 <= radix <= 36, "Radix must be between 2 and 36")
    digits = text[1:] if text[:1] in ("+", "-") else text
    wrong = f"Not a valid base-{radix} number: {text}"
    _refuse(not digits or any(digit not in _DIGITS[:radix] for digit in digits.lower()), wrong)
    number = int(text, radix)
    _refuse(not -_LARGEST - 1 <= number <= _LARGEST, wrong)
    return number


def _to_base(number: int, radix: int) -> str:
    _refuse(not 2 <= radix <= 36, "Radix must be between 2 and 36")
    digits, rest = "", abs(number)
    while rest or not digits:
        rest, digit = divmod(rest, radix)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if number < 0 else digits


def _width_bucket(operand: float, first: float, second: float, count: int) -> int:
    _refuse(count <= 0, "bucketCount must be greater than 0")
    _refuse(math.isnan(operand), "operand must not be NaN")
    _refuse(not math.isfinite(first), "first bound must be finite")
    _refuse(not math.isfinite(second), "second bound must be finite")
    _refuse(first == second, "bounds cannot equal each other")
    low, high = min(first, second), max(first, second)
    if operand < low:
        bucket = 0
    elif operand >= high:
        bucket = count + 1
    else:
        bucket = int(count * (operand - low) / (high - low) + 1)
    return bucket if first < second else count - bucket + 1


def _width_bucket_of_bins(operand: float, bins: Sequence[float | None]) -> int:
    _refuse(not bins, "Bins cannot be an empty array")
    _refuse(math.isnan(operand), "Operand cannot be NaN")
    known = [-math.inf if bin_ is None else bin_ for bin_ in bins]
    _refuse(
        known != sorted(known),
        "Bin values are not sorted in ascending order",
    )
    return sum(1 for bin_ in known if bin_ <= operand)


def _cosine_similarity(left: Mapping[str, float | None], right: Mapping[str, float | None]) -> float | None:
    values = [*left.values(), *right.values()]
    if any(value is None for value in values):
        return None
    one = {key: value for key, value in left.items() if value is not None}
    other = {key: value for key, value in right.items() if value is not None}
    product = sum(value * other[key] for key, value in one.items() if key in other)
    norms = math.sqrt(sum(value * value for value in one.values())) * math.sqrt(
        sum(value * value for value in other.values())
    )
    return product / norms if norms else math.nan


def _normal_cdf(mean: float, deviation: float, value: float) -> float:
    _refuse(deviation <= 0, "standardDeviation must be > 0")
    return 0.5 * (1 + math.erf((value - mean) / (deviation * math.sqrt(2))))


def _inverse_normal_cdf(mean: float, deviation: float, probability: float) -> float:
    _refuse(not 0 < probability < 1, "p must be 0 > p > 1")
    _refuse(deviation <= 0, "sd must be > 0")
    return NormalDist(mean, deviation).inv_cdf(probability)


def _beta_cdf(a: float, b: float, value: float) -> float:
    _refuse(a <= 0 or b <= 0, "a, b must be > 0")
    _refuse(not 0 <= value <= 1, "value must be 0 >= v >= 1")
    if value in (0, 1):
        return value
    # The continued fraction converges fast on the left of the mean only.
    if value > (a + 1) / (a + b + 2):
        return 1 - _beta_cdf(b, a, 1 - value)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(value) + b * math.log1p(-value)
    )
    fraction, numerator, denominator = 1.0, 1.0, 0.0
    for step in range(300):
        half = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = half * (b - half) * value / ((a + 2 * half - 1) * (a + 2 * half))
        else:
            term = -(a + half) * (a + b + half) * value / ((a + 2 * half) * (a + 2 * half + 1))
        denominator = 1 / (1 + term * denominator)
        numerator = 1 + term / numerator
        fraction *= numerator * denominator
        if abs(1 - numerator * denominator) < 1e-16:
            break
    return front * (fraction - 1) / a


def _wilson(sign: int) -> Callable[[int, int, float], float]:
    def bound(successes: int, trials: int, z: float) -> float:
        _refuse(successes < 0, "number of successes must not be negative")
        _refuse(trials <= 0, "number of trials must be positive")
        _refuse(successes > trials, "number of successes must not be larger than number of trials")
        _refuse(z < 0, "z-score must not be negative")
        share = successes / trials
        centre = share + z * z / (2 * trials)
        spread = z * math.sqrt((share * (1 - share) + z * z / (4 * trials)) / trials)
        return (centre + sign * spread) / (1 + z * z / trials)

    return bound


_UNITS = ("", "K", "M", "B", "T", "Q")


def _format_number(number: float) -> str:
    whole = 0 if math.isnan(number) else int(max(min(number, _LARGEST), -_LARGEST - 1))
    size, unit = float(abs(whole)), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    digits = 2 if whole < 0 or size < 10 else 1 if size < 100 else 0
    rounded = Decimal(size).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = format(rounded, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{'-' if whole < 0 else ''}{text}{_UNITS[unit]}"


_SIZES = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")


def _parse_data_size(text: str) -> Decimal:
    digits = text.rstrip("BkMGTPEZY")
    unit = text[len(digits) :]
    plain = digits.replace(".", "", 1)
    _refuse(unit not in _SIZES or not (plain.isascii() and plain.isdigit()), f"Invalid data size: '{text}'")
    size = Decimal(digits) * 1024 ** _SIZES.index(unit)
    if size >= 10**38:
        raise_text("NUMERIC_VALUE_OUT_OF_RANGE", f"Value out of range: '{text}' ('{size:f}B')")
    return Decimal(int(size))


SCALARS: Table = {
    "from_base(varchar(x), bigint) -> bigint": "trino_from_base({0}, {1})",
    "to_base(bigint, bigint) -> varchar(64)": "trino_to_base({0}, {1})",
    "width_bucket(double, double, double, bigint) -> bigint": "trino_width_bucket({all})",
    "width_bucket(double, array(double)) -> bigint": "trino_width_bucket_of_bins({all})",
    "cosine_similarity(map(varchar,double), map(varchar,double)) -> double": "trino_cosine_similarity({all})",
    **each(("normal_cdf", "inverse_normal_cdf", "beta_cdf"), {"$(double, double, double) -> double": "trino_$({all})"}),
    **each(
        ("wilson_interval_lower", "wilson_interval_upper"), {"$(bigint, bigint, double) -> double": "trino_$({all})"}
    ),
    **each(("bigint", "double"), {"format_number($) -> varchar": "trino_format_number({0}::DOUBLE)"}),
    **each(
        ("parse_data_size", "parse_presto_data_size"), {"$(varchar(x)) -> decimal(38,0)": "trino_parse_data_size({0})"}
    ),
}

_THREE = ("DOUBLE", "DOUBLE", "DOUBLE")
PYTHON = (
    PythonFunction("trino_from_base", _from_base, ("VARCHAR", "BIGINT"), "BIGINT"),
    PythonFunction("trino_to_base", _to_base, ("BIGINT", "BIGINT"), "VARCHAR"),
    PythonFunction("trino_width_bucket", _width_bucket, (*_THREE, "BIGINT"), "BIGINT"),
    PythonFunction("trino_width_bucket_of_bins", _width_bucket_of_bins, ("DOUBLE", "DOUBLE[]"), "BIGINT"),
    PythonFunction("trino_cosine_similarity", _cosine_similarity, ("MAP(VARCHAR, DOUBLE)",) * 2, "DOUBLE"),
    PythonFunction("trino_normal_cdf", _normal_cdf, _THREE, "DOUBLE"),
    PythonFunction("trino_inverse_normal_cdf", _inverse_normal_cdf, _THREE, "DOUBLE"),
    PythonFunction("trino_beta_cdf", _beta_cdf, _THREE, "DOUBLE"),
    PythonFunction("trino_wilson_interval_lower", _wilson(-1), ("BIGINT", "BIGINT", "DOUBLE"), "DOUBLE"),
    PythonFunction("trino_wilson_interval_upper", _wilson(1), ("BIGINT", "BIGINT", "DOUBLE"), "DOUBLE"),
    PythonFunction("trino_format_number", _format_number, ("DOUBLE",), "VARCHAR"),
    PythonFunction("trino_parse_data_size", _parse_data_size, ("VARCHAR",), "DECIMAL(38, 0)"),
)
