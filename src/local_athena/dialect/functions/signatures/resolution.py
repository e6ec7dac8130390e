"""Chooses the signature that a call means, as Trino does.

First a signature that fits without conversions, one without type variables before one with; then, of those that fit
with conversions, the most specific one.
"""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.dialect.functions.signatures.binding import Binding, LambdaBodies, bind
from local_athena.dialect.functions.signatures.notation import Signature
from local_athena.dialect.typed import Argument, Lambda, Typed
from local_athena.errors import AthenaError
from local_athena.types.model import UNKNOWN, Array, Function, Map, Row, Type


def resolve(name: str, signatures: Sequence[Signature], arguments: Sequence[Argument], bodies: LambdaBodies) -> Binding:
    """The signature that a call means, fitted to its arguments.

    Args:
        name: as the call writes it.
        signatures: of the functions of this name.
        arguments: analysed.
        bodies: of the lambdas among them.

    Raises:
        AthenaError: FUNCTION_NOT_FOUND if none fits; AMBIGUOUS_FUNCTION_CALL if several fit equally well.
    """
    for generic in (False, True):
        exact = _fitting([s for s in signatures if s.generic == generic], arguments, bodies, coerce=False)
        if exact:
            return exact[0]
    fitting = _fitting(signatures, arguments, bodies, coerce=True)
    if not fitting:
        raise _unexpected(name, signatures, arguments)
    best = _most_specific(fitting)
    types = [argument.type for argument in arguments if isinstance(argument, Typed)]
    if len(best) > 1 and len(types) == len(arguments) and UNKNOWN in types:
        best = [binding for binding in fitting if _converts_nulls_only(binding, types)] or best
        if len({binding.result for binding in best}) == 1:
            return best[0]
    if len(best) > 1:
        raise _ambiguous(best)
    return best[0]


def _fitting(
    signatures: Sequence[Signature], arguments: Sequence[Argument], bodies: LambdaBodies, *, coerce: bool
) -> list[Binding]:
    bindings = (bind(signature, arguments, coerce=coerce, bodies=bodies) for signature in signatures)
    return [binding for binding in bindings if binding is not None]


def _most_specific(bindings: list[Binding]) -> list[Binding]:
    best: list[Binding] = []
    for binding in bindings:
        for index, other in enumerate(best):
            if _more_specific(binding, other):
                best[index] = binding
                break
            if _more_specific(other, binding):
                break
        else:
            best.append(binding)
    return best


def _more_specific(one: Binding, other: Binding) -> bool:
    """Whether what the one takes could be given to the other."""
    if any(isinstance(parameter, Function) for parameter in one.parameters):
        return False
    arguments = [Typed("null", parameter) for parameter in one.parameters]
    return bind(other.signature, arguments, coerce=True, bodies=LambdaBodies()) is not None


def _converts_nulls_only(binding: Binding, types: Sequence[Type]) -> bool:
    return all(type_ in (UNKNOWN, parameter) for type_, parameter in zip(types, binding.parameters, strict=True))


def _unexpected(name: str, signatures: Sequence[Signature], arguments: Sequence[Argument]) -> AthenaError:
    given = ", ".join("<function>" if isinstance(a, Lambda) else signature_text(a.type) for a in arguments)
    expected = ", ".join(sorted(signature.shown for signature in signatures))
    return AthenaError(
        "FUNCTION_NOT_FOUND", f"Unexpected parameters ({given}) for function {name}. Expected: {expected}"
    )


def _ambiguous(bindings: Sequence[Binding]) -> AthenaError:
    candidates = "".join(
        f"\t * ({','.join(map(signature_text, binding.parameters))})"
        f":{signature_text(binding.result) if binding.result else ''}\n"
        for binding in bindings
    )
    return AthenaError(
        "AMBIGUOUS_FUNCTION_CALL",
        "Could not choose a best candidate operator. Explicit type casts must be added.\nCandidates are:\n"
        + candidates,
    )


def signature_text(type_: Type) -> str:
    """The type as messages about functions show it, e.g. `map(integer,row("x" bigint))`."""
    match type_:
        case Array(element):
            return f"array({signature_text(element)})"
        case Map(key, value):
            return f"map({signature_text(key)},{signature_text(value)})"
        case Row(fields):
            names = ("" if field.name is None else f'"{field.name}" ' for field in fields)
            members = (name + signature_text(field.type) for name, field in zip(names, fields, strict=True))
            return f"row({','.join(members)})"
    return str(type_).replace(", ", ",")
