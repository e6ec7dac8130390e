"""Casts of UUIDs and IP addresses."""

from __future__ import annotations

import ipaddress

from local_athena.dialect.casts.conversion import Conversion, Rules
from local_athena.dialect.casts.texts import as_text
from local_athena.dialect.runtime import PythonFunction

UUID_FORM = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_UUID_LENGTH = 36
_V4_BYTES = 4
_V6_BYTES = 16
_V4_IN_V6 = bytes(10) + b"\xff\xff"


def canonical_address(text: str | None) -> str | None:
    """An IP address as Trino prints it: IPv4 where it is one, and IPv6 in its shortest form; None if it is none."""
    try:
        return None if text is None else _shown(ipaddress.ip_address(text))
    except ValueError:
        return None


def address_bytes(address: str) -> bytes:
    """The 16 bytes of a canonical address."""
    parsed = ipaddress.ip_address(address)
    return _V4_IN_V6 + parsed.packed if parsed.version == 4 else parsed.packed


def address_of_bytes(packed: bytes) -> str | None:
    """The canonical address of 4 or 16 bytes; None if there are others."""
    return _shown(ipaddress.ip_address(packed)) if len(packed) in (_V4_BYTES, _V6_BYTES) else None


def _shown(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _address_or_null(packed: bytes | None) -> str | None:
    return None if packed is None else address_of_bytes(packed)


def _text_to_uuid(cast: Conversion) -> str:
    value = cast.value
    reason = (
        f"CASE WHEN length({value}) <> {_UUID_LENGTH} AND {value} LIKE '%-%-%-%-%'"
        f" THEN 'Invalid UUID string length: ' || length({value}) ELSE 'Cannot cast value to UUID: ' || {value} END"
    )
    attempt = f"CASE WHEN regexp_full_match({value}, '{UUID_FORM}') THEN CAST({value} AS UUID) END"
    return cast.attempted(attempt, reason)


def _bytes_to_uuid(cast: Conversion) -> str:
    return cast.checked(
        f"octet_length({cast.value}) = {_V6_BYTES}",
        f"CAST(hex({cast.value}) AS UUID)",
        f"'Invalid UUID binary length: ' || octet_length({cast.value})",
    )


def _text_to_address(cast: Conversion) -> str:
    return cast.attempted(f"trino_address({cast.value})", f"'Cannot cast value to IPADDRESS: ' || {cast.value}")


def _bytes_to_address(cast: Conversion) -> str:
    return cast.attempted(
        f"trino_address_of_bytes({cast.value})", f"'Invalid IP address binary length: ' || octet_length({cast.value})"
    )


PYTHON = (
    PythonFunction("trino_address", canonical_address, ["VARCHAR"], "VARCHAR", sees_nulls=True),
    PythonFunction("trino_address_bytes", address_bytes, ["VARCHAR"], "BLOB"),
    PythonFunction("trino_address_of_bytes", _address_or_null, ["BLOB"], "VARCHAR", sees_nulls=True),
)

RULES: Rules = {
    ("varchar", "uuid"): _text_to_uuid,
    ("varbinary", "uuid"): _bytes_to_uuid,
    ("uuid", "varchar"): as_text(lambda value: f"CAST({value} AS VARCHAR)"),
    ("uuid", "varbinary"): lambda cast: f"unhex(replace(CAST({cast.value} AS VARCHAR), '-', ''))",
    ("varchar", "ipaddress"): _text_to_address,
    ("varbinary", "ipaddress"): _bytes_to_address,
    ("ipaddress", "varchar"): lambda cast: cast.value,
    ("ipaddress", "varbinary"): lambda cast: f"trino_address_bytes({cast.value})",
}
