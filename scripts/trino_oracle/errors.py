"""The one exception of the oracle."""

from __future__ import annotations


class OracleError(Exception):
    """Something outside of SQL went wrong: Maven, Java, the server or the protocol."""
