"""Fits arguments to a signature: what its type variables and numbers are, and to what the arguments convert."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local_athena.dialect.functions.signatures.families import converted_to_family, family_of, numbers_of
from local_athena.dialect.functions.signatures.notation import Fixed, Formal, Nested, Signature, Sized, Variable
from local_athena.dialect.typed import Argument, Lambda, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import can_coerce, common_type, is_comparable, is_orderable
from local_athena.types.model import (
    UNKNOWN,
    VARCHAR,
    Array,
    Char,
    Decimal,
    Field,
    Function,
    Map,
    Row,
    Time,
    Timestamp,
    Type,
    Varchar,
)

_ROUNDS = 4
_CONSTRAINTS: dict[str, Callable[[Type], bool]] = {"comparable": is_comparable, "orderable": is_orderable}
_parameter_numbers = itertools.count()


class LambdaBodies:
    """The lambdas of one call, each analysed once for the types it is tried with."""

    def __init__(self) -> None:
        """Nothing is analysed yet."""
        self._bodies: dict[tuple[int, tuple[Type, ...]], tuple[tuple[str, ...], Typed]] = {}

    def body(self, index: int, function: Lambda, types: tuple[Type, ...]) -> tuple[tuple[str, ...], Typed]:
        """DuckDB names of the parameters, and the body, of the lambda that is the call's argument `index`."""
        if len(function.parameters) != len(types):
            raise AthenaError(
                "INVALID_PARAMETER_USAGE",
                f"Expected a lambda that takes {len(types)} argument(s) but got {len(function.parameters)}",
            )
        key = (index, types)
        if key not in self._bodies:
            names = tuple(f"p{next(_parameter_numbers)}" for _ in types)
            self._bodies[key] = names, function.analyse(types, names)
        return self._bodies[key]


@dataclass(frozen=True)
class Binding:
    """A signature with everything decided.

    Attributes:
        signature: what was fitted.
        parameters: types the arguments convert to, one for each argument; of a lambda its `Function`.
        types: of the type variables, by name.
        numbers: by name; None is the length of an unbounded varchar.
        result: None if the function computes it.
    """

    signature: Signature
    parameters: tuple[Type, ...]
    types: dict[str, Type]
    numbers: dict[str, int | None]
    result: Type | None


class _MisfitError(Exception):
    pass


def bind(signature: Signature, arguments: Sequence[Argument], *, coerce: bool, bodies: LambdaBodies) -> Binding | None:
    """Fits arguments to a signature; None if they do not fit.

    Args:
        signature: of one function.
        arguments: of the call.
        coerce: whether arguments may be converted.
        bodies: of the call's lambdas.
    """
    formals = _formals_of(signature, len(arguments))
    if formals is None:
        return None
    try:
        return _Binder(signature, coerce, bodies).bind(formals, arguments)
    except _MisfitError:
        return None


def _formals_of(signature: Signature, count: int) -> tuple[Formal, ...] | None:
    formals = signature.parameters
    if signature.variadic and count >= len(formals) - 1:
        return (*formals[:-1], *[formals[-1]] * (count - len(formals) + 1))
    return formals if len(formals) == count else None


class _Binder:
    def __init__(self, signature: Signature, coerce: bool, bodies: LambdaBodies) -> None:
        self._signature = signature
        self._coerce = coerce
        self._bodies = bodies
        self._bound: dict[str, Type] = {}
        self._sized: dict[str, Sized] = {}

    def bind(self, formals: tuple[Formal, ...], arguments: Sequence[Argument]) -> Binding:
        for _ in range(_ROUNDS):
            before = dict(self._bound)
            for index, (formal, argument) in enumerate(zip(formals, arguments, strict=True)):
                if isinstance(argument, Lambda):
                    self._fit_lambda(index, formal, argument)
                else:
                    self._fit(formal, argument.type)
            if self._bound == before:
                break
        else:
            raise AthenaError(
                "GENERIC_INTERNAL_ERROR",
                f"SignatureBinder.iterativeSolve does not converge after {_ROUNDS} iterations.",
            )
        self._check_constraints()
        parameters = tuple(self._concrete(formal) for formal in formals)
        for parameter, argument in zip(parameters, arguments, strict=True):
            if (
                isinstance(argument, Typed)
                and argument.type != parameter
                and not self._converts(argument.type, parameter)
            ):
                raise _MisfitError
        return Binding(self._signature, parameters, dict(self._types()), self._numbers(), self._result())

    def _converts(self, source: Type, target: Type) -> bool:
        # Every varchar fits a plain `varchar` as it is; Trino counts that as exact.
        return (self._coerce or (isinstance(source, Varchar) and target == VARCHAR)) and can_coerce(source, target)

    def _fit(self, formal: Formal, actual: Type) -> None:
        match formal:
            case Variable(name):
                self._meet(name, actual)
            case Sized(base, _, text):
                sized = self._of_family(base, actual)
                if sized is None:
                    raise _MisfitError
                self._sized[text] = formal
                self._meet(text, sized)
            case Fixed(type_):
                if actual != type_ and not self._converts(actual, type_):
                    raise _MisfitError
            case Nested(kind, parts):
                for part, inner in zip(parts, self._inner(kind, len(parts), actual), strict=True):
                    self._fit(part, inner)

    def _meet(self, key: str, actual: Type) -> None:
        bound = self._bound.get(key)
        if bound is None or bound == actual:
            self._bound[key] = actual
            return
        meeting = common_type(bound, actual) if self._coerce else None
        if meeting is None:
            raise _MisfitError
        self._bound[key] = meeting

    def _of_family(self, base: str, actual: Type) -> Type | None:
        own = family_of(actual) == base
        return actual if own else converted_to_family(actual, base) if self._coerce else None

    def _inner(self, kind: str, count: int, actual: Type) -> tuple[Type, ...]:
        match kind, actual:
            case "array", Array(element):
                return (element,)
            case "map", Map(key, value):
                return (key, value)
            case "row", Row(fields) if len(fields) == count:
                return tuple(field.type for field in fields)
        if actual == UNKNOWN and self._coerce and kind != "function":
            return (UNKNOWN,) * count
        raise _MisfitError

    def _fit_lambda(self, index: int, formal: Formal, argument: Lambda) -> None:
        if not isinstance(formal, Nested) or formal.kind != "function":
            raise _MisfitError
        *taken, given = formal.parts
        types = tuple(self._concrete(part) for part in taken)
        _, body = self._bodies.body(index, argument, types)
        if not self._may_return(given, body.type):
            raise _MisfitError
        self._fit(given, body.type)

    @staticmethod
    def _may_return(given: Formal, actual: Type) -> bool:
        """What a lambda returns is not converted, unless the signature leaves its type open."""
        match given:
            case Fixed(type_):
                return actual == type_ or (type_ == VARCHAR and isinstance(actual, Varchar))
            case Sized(base, _, _):
                return family_of(actual) == base
        return True

    def _check_constraints(self) -> None:
        for name, constraint in self._signature.constraints.items():
            if name not in self._bound or not _CONSTRAINTS[constraint](self._bound[name]):
                raise _MisfitError

    def _types(self) -> dict[str, Type]:
        return {name: type_ for name, type_ in self._bound.items() if name not in self._sized}

    def _numbers(self) -> dict[str, int | None]:
        numbers: dict[str, int | None] = {}
        for text, sized in self._sized.items():
            numbers.update(zip(sized.numbers, numbers_of(self._bound[text]), strict=True))
        return numbers

    def _result(self) -> Type | None:
        try:
            return self._concrete(self._signature.result)
        except _MisfitError:
            return None

    def _concrete(self, formal: Formal) -> Type:
        match formal:
            case Fixed(type_):
                return type_
            case Variable(name) if name in self._bound:
                return self._bound[name]
            case Sized(base, numbers, text):
                return self._bound[text] if text in self._bound else self._computed(base, numbers)
            case Nested(kind, parts):
                return _nested(kind, tuple(map(self._concrete, parts)))
        raise _MisfitError

    def _computed(self, base: str, words: tuple[str, ...]) -> Type:
        known = self._numbers()
        numbers = [int(word) if word.isdigit() else known[word] for word in words if word.isdigit() or word in known]
        if len(numbers) != len(words):
            raise _MisfitError
        if base == "varchar":
            return Varchar(numbers[0])
        sizes = [number for number in numbers if number is not None]
        if base == "decimal":
            return Decimal(*sizes)
        if base == "char":
            return Char(*sizes)
        made = Time if base.startswith("time ") or base == "time" else Timestamp
        return made(sizes[0], base.endswith("zone"))


def _nested(kind: str, parts: tuple[Type, ...]) -> Type:
    match kind:
        case "array":
            return Array(*parts)
        case "map":
            return Map(*parts)
        case "row":
            return Row(tuple(Field(None, part) for part in parts))
    return Function(parts[:-1], parts[-1])
