"""Evaluates JSON paths over parsed JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local_athena.dialect.json_path import tree
from local_athena.dialect.json_path.tree import JsonPath, Path, Predicate

Number = int | float | Decimal
Items = list[Any]
Truth = bool | None

_NAMES = {dict: "OBJECT", list: "ARRAY", str: "TEXT", bool: "BOOLEAN", type(None): "NULL"}
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


class PathError(Exception):
    """The path cannot be evaluated for this value."""


def items_of(path: JsonPath, root: Any, variables: Mapping[str, Any]) -> Items:
    """The items that a path finds.

    Raises:
        PathError: in strict mode for what is not there, in any mode for values of the wrong type.
    """
    return _Evaluation(root, variables, lax=path.lax).items(path.path, None, ())


class _Evaluation:
    def __init__(self, root: Any, variables: Mapping[str, Any], *, lax: bool) -> None:
        self.root = root
        self.variables = variables
        self.lax = lax

    def items(self, path: Path, current: Any, array: Sequence[Any]) -> Items:
        """The items of a path; `current` is what `@` means, `array` what `last` is the last of."""

        def below(inner: Path) -> Items:
            return self.items(inner, current, array)

        match path:
            case tree.Literal(value):
                return [value]
            case tree.Root():
                return [self.root]
            case tree.Current():
                return [current]
            case tree.Last():
                return [len(array) - 1]
            case tree.Variable(name):
                return [self.variables[name]]
            case tree.Sign(operator, base):
                return [-_number(item) if operator == "-" else _number(item) for item in self._flat(below(base))]
            case tree.Arithmetic(operator, left, right):
                return [_calculated(operator, self._single(below(left)), self._single(below(right)))]
            case tree.Member(base, key):
                return [item for each in self._flat(below(base)) for item in self._members(each, key)]
            case tree.Descendants(base, key):
                return [item for each in below(base) for item in _descendants(each, key)]
            case tree.Elements(base, subscripts):
                found = (self._elements(each, subscripts, current) for each in below(base))
                return [item for elements in found for item in elements]
            case tree.Filter(base, predicate):
                return [each for each in self._flat(below(base)) if self._holds(predicate, each, array)]
            case tree.Method(base, name):
                return self._method(name, below(base))

    def _flat(self, items: Items) -> Items:
        """In lax mode, arrays stand for their elements."""
        if not self.lax:
            return items
        return [inner for item in items for inner in (item if isinstance(item, list) else [item])]

    def _single(self, items: Items) -> Number:
        operands = self._flat(items)
        if len(operands) != 1:
            raise PathError("arithmetic binary operation requires singleton operands")
        return _number(operands[0])

    def _members(self, item: Any, key: str | None) -> Items:
        if not isinstance(item, dict):
            if self.lax:
                return []
            raise _wrong("OBJECT", item)
        if key is None:
            return list(item.values())
        if key not in item and not self.lax:
            raise PathError(f"structural error: missing member '{key}' in JSON object")
        return [item[key]] if key in item else []

    def _elements(self, item: Any, subscripts: tuple[tuple[Path, Path], ...] | None, current: Any) -> Items:
        if not isinstance(item, list):
            if not self.lax:
                raise _wrong("ARRAY", item)
            item = [item]
        if subscripts is None:
            return list(item)
        found: Items = []
        for first, last in subscripts:
            start, end = (self._index(bound, current, item) for bound in (first, last))
            if not self.lax and not 0 <= start <= end < len(item):
                message = f"structural error: invalid array subscript: [{start}, {end}] for array of size {len(item)}"
                raise PathError(message)
            found += item[max(start, 0) : max(end + 1, 0)]
        return found

    def _index(self, path: Path, current: Any, array: list[Any]) -> int:
        items = self.items(path, current, array)
        if len(items) != 1 or isinstance(items[0], bool) or not isinstance(items[0], (int, float, Decimal)):
            raise PathError("array subscript must be a single number")
        if items[0] != int(items[0]):
            raise PathError("array subscript must be a whole number")
        return int(items[0])

    # --- methods

    def _method(self, name: str, items: Items) -> Items:
        if name == "type":
            return [_TYPES.get(type(item), "number") for item in items]
        if name == "size":
            return [self._size(item) for item in items]
        return [_NUMERIC[name](item) for item in self._flat(items)]

    def _size(self, item: Any) -> int:
        if isinstance(item, list):
            return len(item)
        if self.lax:
            return 1
        raise _wrong("ARRAY", item)

    # --- predicates

    def _holds(self, predicate: Predicate, current: Any, array: Sequence[Any]) -> Truth:
        """Whether a predicate holds; None if it is unknown."""

        def inner(each: Predicate) -> Truth:
            return self._holds(each, current, array)

        match predicate:
            case tree.Negation(negated):
                truth = inner(negated)
                return None if truth is None else not truth
            case tree.IsUnknown(asked):
                return inner(asked) is None
            case tree.Connective(operator, left, right):
                decisive = operator == "||"
                truths = (inner(left), inner(right))
                if decisive in truths:
                    return decisive
                return None if None in truths else not decisive
            case tree.Exists(path):
                return self._tried(lambda: bool(self.items(path, current, array)))
            case tree.Comparison(operator, left_path, right_path):
                return self._pairs(left_path, right_path, current, array, lambda a, b: _compared(operator, a, b))
            case tree.StartsWith(base, prefix):
                return self._pairs(base, prefix, current, array, _starts_with)

    def _tried(self, test: Callable[[], Truth]) -> Truth:
        try:
            return test()
        except PathError:
            return None

    def _pairs(
        self,
        left: Path,
        right: Path,
        current: Any,
        array: Sequence[Any],
        test: Callable[[Any, Any], Truth],
    ) -> Truth:
        """Whether a test holds for any pair of items."""

        def any_pair() -> Truth:
            sides = [self._flat(self.items(side, current, array)) for side in (left, right)]
            truths = [test(one, other) for one in sides[0] for other in sides[1]]
            if self.lax and True in truths:
                return True
            return None if None in truths else True in truths

        return self._tried(any_pair)


def _wrong(expected: str, item: Any) -> PathError:
    return PathError(f"invalid item type. Expected: {expected}, actual: {_NAMES.get(type(item), 'NUMBER')}")


def _number(item: Any) -> Number:
    if isinstance(item, bool) or not isinstance(item, (int, float, Decimal)):
        raise _wrong("NUMBER", item)
    number: Number = item
    return number


def _calculated(operator: str, left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    try:
        return _divided(operator, left, right) if operator in "/%" else _OPERATORS[operator](left, right)
    except (ArithmeticError, ValueError):
        raise PathError("") from None


def _divided(operator: str, left: Any, right: Any) -> Any:
    """Division as SQL has it: whole numbers give whole ones, decimals keep the longer scale."""
    if operator == "%":
        if isinstance(left, float):
            return math.fmod(left, right)
        return left - right * math.trunc(Decimal(left) / Decimal(right))
    if isinstance(left, float):
        return left / right
    if isinstance(left, int) and isinstance(right, int):
        return math.trunc(Decimal(left) / Decimal(right))
    scale = max(-int(Decimal(side).as_tuple().exponent) for side in (left, right))
    return (Decimal(left) / Decimal(right)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
}


def _double(item: Any) -> float:
    if isinstance(item, str):
        try:
            return float(item)
        except ValueError:
            raise PathError(f"cannot convert '{item}' to double") from None
    return float(_number(item))


def _rounded(rounding: Callable[[Any], int]) -> Callable[[Any], Any]:
    def method(item: Any) -> Any:
        number = _number(item)
        return float(rounding(number)) if isinstance(number, float) else rounding(number)

    return method


_NUMERIC: dict[str, Callable[[Any], Any]] = {
    "double": _double,
    "abs": lambda item: abs(_number(item)),
    "ceiling": _rounded(math.ceil),
    "floor": _rounded(math.floor),
}


def _descendants(item: Any, key: str) -> Iterator[Any]:
    if isinstance(item, dict):
        if key in item:
            yield item[key]
        for value in item.values():
            yield from _descendants(value, key)
    elif isinstance(item, list):
        for value in item:
            yield from _descendants(value, key)


def _compared(operator: str, left: Any, right: Any) -> Truth:
    if left is None or right is None:
        both = left is None and right is None
        if operator in ("=", "<>"):
            return both == (operator == "=")
        return both if operator in ("<=", ">=") else False
    kinds = [_kind(left), _kind(right)]
    if kinds[0] != kinds[1] or kinds[0] in ("object", "array"):
        return None
    return _COMPARISONS[operator](left, right)


def _kind(item: Any) -> str:
    return _TYPES.get(type(item), "number")


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _starts_with(item: Any, prefix: Any) -> Truth:
    if not isinstance(item, str) or not isinstance(prefix, str):
        return None
    return item.startswith(prefix)
