"""An analysed expression: what the analyser and the functions hand to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local_athena.types.model import Type


class _NotConstant:
    def __repr__(self) -> str:
        return "NOT_CONSTANT"


NOT_CONSTANT: Any = _NotConstant()


@dataclass(frozen=True)
class Typed:
    """An expression after analysis.

    Attributes:
        sql: DuckDB expression whose value is in the representation of `type`; safe to put anywhere (parenthesized).
        type: Trino's type.
        constant: the value if it is a literal (int, float, Decimal, str, bool, None, …), else `NOT_CONSTANT`.
        aggregate: whether an aggregate function stands in it, outside of subqueries.
        window: whether a window function stands in it, outside of subqueries.
    """

    sql: str
    type: Type
    constant: Any = NOT_CONSTANT
    aggregate: bool = False
    window: bool = False


@dataclass(frozen=True)
class Lambda:
    """A lambda before its argument types are known.

    Attributes:
        parameters: names as written, in lower case.
        analyse: gives the body for argument types and for DuckDB names of the parameters.
    """

    parameters: tuple[str, ...]
    analyse: Callable[[Sequence[Type], Sequence[str]], Typed]


Argument = Typed | Lambda
