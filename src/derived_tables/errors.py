"""How the command says that it cannot, or could not, do what it was asked."""

from __future__ import annotations


class RefusedError(Exception):
    """What was asked for cannot be done, and nothing was done. The command exits with 2."""


class FailedError(Exception):
    """Something was found, or what was begun did not end well. The command exits with 1."""


def must_be(subject: str, expected: str, got: object, remedy: str) -> RefusedError:
    """The one form of an error: what must be, what was got, and then what to do about it.

    Args:
        subject: names the option, variable or relation, in backticks.
        expected: follows "must be".
        got: what stood there; None for nothing.
        remedy: whole sentences.
    """
    shown = "nothing" if got is None else f"`{got}`"
    return RefusedError(f"{subject} must be {expected}, got {shown}.\n{remedy}")
