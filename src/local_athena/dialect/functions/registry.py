"""Where functions are found: every module of this package says in tables which functions it has.

A module may define

- `SCALARS`: signature → implementation. An implementation is a template of DuckDB SQL, or a function that takes the
  `Call` and returns SQL, or a `Typed` if the signature does not say the type of the result.
- `AGGREGATES`, `WINDOWS`: the same; the DuckDB aggregates of a template are marked, e.g. `@sum({0}) / @count({0})`.
- `SPECIAL`: names of scalar functions that no signature describes, with what makes a `Typed` of their arguments;
- `MACROS` and `PYTHON`: what generated SQL calls; see `runtime.py`.

In a template `{0}`, `{1}` are the arguments, converted to the types of the signature (a lambda is `lambda p0: …`),
`{all}` is all of them, `{T}` the DuckDB type bound to the variable T, `{result}` the DuckDB type of the result,
`{x}` a number bound by the signature.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from local_athena.dialect.casts import coerce
from local_athena.dialect.functions.signatures import notation
from local_athena.dialect.functions.signatures.binding import Binding, LambdaBodies
from local_athena.dialect.functions.signatures.notation import Signature
from local_athena.dialect.functions.signatures.resolution import resolve
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.snippets import once_each
from local_athena.dialect.typed import NOT_CONSTANT, Argument, Lambda, Typed
from local_athena.errors import AthenaError
from local_athena.types.model import Function, Type


@dataclass(frozen=True)
class BoundLambda:
    """A lambda whose types are known.

    Attributes:
        names: DuckDB names of its parameters.
        body: analysed, converted to the type that the function wants.
        aggregate: never; a lambda has none.
    """

    names: tuple[str, ...]
    body: Typed

    @property
    def sql(self) -> str:
        """As DuckDB writes it."""
        return f"lambda {', '.join(self.names)}: {self.body.sql}"


@dataclass(frozen=True)
class Call:
    """A call whose signature is known.

    Attributes:
        name: of the function.
        arguments: converted to the types of the signature.
        original: the arguments as the call has them.
        binding: the signature with everything decided.
    """

    name: str
    arguments: tuple[Typed | BoundLambda, ...]
    original: tuple[Argument, ...]
    binding: Binding

    @property
    def sqls(self) -> tuple[str, ...]:
        """DuckDB SQL of the arguments."""
        return tuple(argument.sql for argument in self.arguments)

    @property
    def types(self) -> Mapping[str, Type]:
        """Of the type variables, by name in upper case."""
        return self.binding.types

    @property
    def numbers(self) -> Mapping[str, int | None]:
        """That the signature names; None is the length of an unbounded varchar."""
        return self.binding.numbers

    @property
    def result(self) -> Type:
        """Type of the result, if the signature says it."""
        if self.binding.result is None:
            raise ValueError(f"{self.binding.signature.shown} does not say its result")
        return self.binding.result

    def typed(self, index: int) -> Typed:
        """An argument that is no lambda."""
        argument = self.arguments[index]
        if isinstance(argument, BoundLambda):
            raise TypeError(f"argument {index} of {self.name} is a lambda")
        return argument

    def constant(self, index: int) -> Any:
        """The value of an argument that is a literal; None if it is none, or null."""
        argument = self.original[index]
        if isinstance(argument, Lambda) or argument.constant is NOT_CONSTANT:
            return None
        return argument.constant

    def function(self, index: int) -> BoundLambda:
        """An argument that is a lambda."""
        argument = self.arguments[index]
        if isinstance(argument, Typed):
            raise TypeError(f"argument {index} of {self.name} is no lambda")
        return argument

    def filled(self, template: str, *, repeat: bool = False, **more: str) -> str:
        """A template with this call's arguments, types and numbers in it.

        An argument that the template mentions several times is evaluated once.

        Args:
            template: see above.
            repeat: whether arguments are written as often as they are mentioned.
            more: other names in the template.
        """
        names: dict[str, object] = {
            name: duckdb_type(type_) for name, type_ in self.types.items() if f"{{{name}}}" in template
        }
        if "{result}" in template:
            names["result"] = duckdb_type(self.result)
        names.update(self.numbers, all=", ".join(self.sqls), **more)
        mentioned = {index: sql for index, sql in enumerate(self.sqls) if template.count(f"{{{index}}}") > 1}

        def body(*sqls: str) -> str:
            given = {**dict(enumerate(self.sqls)), **dict(zip(mentioned, sqls, strict=True))}
            return template.format(*given.values(), **names)

        return body(*mentioned.values()) if repeat or not mentioned else once_each(tuple(mentioned.values()), body)


Implementation = str | Callable[[Call], str | Typed]
Table = Mapping[str, Implementation]
KINDS = {"scalar": "SCALARS", "aggregate": "AGGREGATES", "window": "WINDOWS"}


@dataclass(frozen=True)
class Overload:
    """One signature of a function, and how it is written in DuckDB."""

    signature: Signature
    implementation: Implementation


def modules() -> Iterator[ModuleType]:
    """The modules that may define functions."""
    package = __name__.rpartition(".")[0]
    for found in pkgutil.walk_packages([str(Path(__file__).parent)], f"{package}."):
        yield importlib.import_module(found.name)


@cache
def overloads(kind: str) -> Mapping[str, tuple[Overload, ...]]:
    """All functions of a kind, by name."""
    found: dict[str, list[Overload]] = {}
    for module in modules():
        table: Table = getattr(module, KINDS[kind], {})
        for text, implementation in table.items():
            signature = notation.parse(text)
            found.setdefault(signature.name, []).append(Overload(signature, implementation))
    return {name: tuple(each) for name, each in found.items()}


@cache
def special() -> Mapping[str, Callable[[Sequence[Argument]], Typed]]:
    """The scalar functions that no signature describes, by name."""
    return {name: made for module in modules() for name, made in getattr(module, "SPECIAL", {}).items()}


def bound_call(kind: str, name: str, arguments: Sequence[Argument]) -> tuple[Call, Implementation]:
    """The call of a function that exists, and its implementation.

    Raises:
        AthenaError: FUNCTION_NOT_FOUND if no signature fits; AMBIGUOUS_FUNCTION_CALL.
    """
    candidates = overloads(kind)[name]
    bodies = LambdaBodies()
    binding = resolve(name, [candidate.signature for candidate in candidates], arguments, bodies)
    implementation = next(each.implementation for each in candidates if each.signature is binding.signature)
    converted = tuple(
        _converted(index, argument, parameter, bodies)
        for index, (argument, parameter) in enumerate(zip(arguments, binding.parameters, strict=True))
    )
    return Call(name, converted, tuple(arguments), binding), implementation


def _converted(index: int, argument: Argument, parameter: Type, bodies: LambdaBodies) -> Typed | BoundLambda:
    if isinstance(argument, Typed):
        return argument if argument.type == parameter else coerce(argument, parameter)
    if not isinstance(parameter, Function):
        raise AthenaError("TYPE_MISMATCH", "Lambda expression should always be used inside a function")
    names, body = bodies.body(index, argument, parameter.arguments)
    return BoundLambda(names, body if body.type == parameter.result else coerce(body, parameter.result))


def finished(call: Call, implementation: Implementation, *, repeat: bool = False, **more: str) -> Typed:
    """The SQL of a call, typed.

    Args:
        call: with its arguments.
        implementation: of the overload.
        repeat: whether arguments are written as often as they are mentioned: an aggregate's cannot be moved.
        more: other names that a template may use.
    """
    if isinstance(implementation, str):
        made: str | Typed = call.filled(implementation, repeat=repeat, **more)
    else:
        made = implementation(call)
    parts = [argument.body if isinstance(argument, BoundLambda) else argument for argument in call.arguments]
    sql, type_ = (made.sql, made.type) if isinstance(made, Typed) else (f"({made})", call.result)
    return Typed(sql, type_, aggregate=any(part.aggregate for part in parts), window=any(part.window for part in parts))
