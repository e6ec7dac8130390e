"""What fits nowhere else: types, UUIDs, addresses, and the overloads of types that the local Athena does not have."""

from __future__ import annotations

import ipaddress

from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.representation import literal
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import not_supported, raise_text


def _typeof(call: Call) -> str:
    argument = call.typed(0)
    name = literal(str(argument.type))
    # An aggregate has to stay one, or the query would not be grouped.
    kept = argument.aggregate or argument.window
    return f"CASE WHEN {argument.sql} IS NULL THEN {name} ELSE {name} END" if kept else name


def _sketch(call: Call) -> str:
    raise not_supported(f"The local Athena has no {call.typed(0).type}")


def _in_network(network: str, address: str) -> bool:
    try:
        block = ipaddress.ip_network(network, strict=False)
    except ValueError:
        block = None
    if block is None or "/" not in network:
        raise_text("INVALID_FUNCTION_ARGUMENT", "Invalid CIDR")
    return ipaddress.ip_address(address) in block


SCALARS: Table = {
    "cardinality(hyperloglog) -> bigint": _sketch,
    "cardinality(setdigest) -> bigint": _sketch,
    "contains(varchar, ipaddress) -> boolean": "trino_in_network({0}, {1})",
    "typeof(t) -> varchar": _typeof,
    "uuid() -> uuid": "uuid()",
}

PYTHON = (PythonFunction("trino_in_network", _in_network, ("VARCHAR", "VARCHAR"), "BOOLEAN"),)
