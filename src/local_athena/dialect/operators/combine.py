"""What is made of analysed operands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import common_type
from local_athena.types.model import Type


def combined(sql: str, type_: Type, *parts: Typed, constant: Any = NOT_CONSTANT) -> Typed:
    """An expression made of others: it has an aggregate or window if one of them has."""
    aggregate = any(part.aggregate for part in parts)
    return Typed(sql, type_, constant, aggregate=aggregate, window=any(part.window for part in parts))


def meeting(subject: str, values: Sequence[Typed]) -> Type:
    """The type that all values are converted to.

    Raises:
        AthenaError: TYPE_MISMATCH if there is none; its message begins with the subject.
    """
    types = [value.type for value in values]
    met = types[0]
    for type_ in types[1:]:
        common = common_type(met, type_)
        if common is None:
            different = ", ".join(dict.fromkeys(map(str, types)))
            raise AthenaError(
                "TYPE_MISMATCH",
                f"{subject} must be the same type or coercible to a common type. Cannot find common type"
                f" between {met} and {type_}, all types (without duplicates): [{different}]",
            )
        met = common
    return met
