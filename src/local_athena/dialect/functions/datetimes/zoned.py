"""Implementations for values with time zone, which the SQL of most functions mentions more than once."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.functions.registry import Call
from local_athena.dialect.snippets import once, once_each


def on_value(template: str) -> Callable[[Call], str]:
    """A template that mentions its arguments more than once."""
    return lambda call: once_each(call.sqls, template.format)


def on_clock(template: str) -> Callable[[Call], str]:
    """A template of a timestamp, for what a clock in the zone of a timestamp with time zone shows."""
    return lambda call: once(call.sqls[0], lambda value: once(local(value), template.format))


def local(zoned: str) -> str:
    """What a clock in the zone of a timestamp with time zone shows."""
    return f"trino_local({zoned}.instant, {zoned}.zone)"
