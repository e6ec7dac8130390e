"""What Trino converts by itself, and to which type two types meet.

Source: https://trino.io/docs/current/functions/conversion.html, and what Trino answers in the corpus.
"""

from __future__ import annotations

from derived_tables.local_athena.types.model import Type


def can_coerce(source: Type, target: Type) -> bool:
    """Whether Trino converts `source` to `target` without a cast."""
    raise NotImplementedError


def common_type(left: Type, right: Type) -> Type | None:
    """The type both are converted to when they are compared or stand in one column; None if there is none."""
    raise NotImplementedError


def is_comparable(type_: Type) -> bool:
    """Whether `=`, DISTINCT and GROUP BY take the type."""
    raise NotImplementedError


def is_orderable(type_: Type) -> bool:
    """Whether `<`, ORDER BY and min() take the type."""
    raise NotImplementedError
