"""Values as DuckDB groups, joins and orders them like Trino.

DuckDB compares what `representation.py` holds in the wrong way for some types: of a timestamp with time zone only the
instant counts, of a map not the order of its entries, of an IP address not its text.
"""

from __future__ import annotations

from local_athena.dialect.representation import field_names, quoted
from local_athena.dialect.snippets import depth, once
from local_athena.types.model import IPADDRESS, Array, Map, Row, Time, Timestamp, Type

MACROS = (
    "trino_utc_us(z) AS"
    " trino_floor_mod(epoch_us(trino_clock_of(z)) - CAST(z.minutes AS BIGINT) * 60000000, 86400000000)",
)


def is_plain(type_: Type) -> bool:
    """Whether DuckDB groups, joins and orders values of the type as they are."""
    match type_:
        case Time(_, zoned) | Timestamp(_, zoned):
            return not zoned
        case Array(element):
            return is_plain(element)
        case Row(fields):
            return all(is_plain(field.type) for field in fields)
        case Map():
            return False
    return type_ != IPADDRESS


def key_sql(sql: str, type_: Type) -> str:
    """A DuckDB expression that is the same for values that are not distinct, and orders as they do."""
    return sql if is_plain(type_) else once(sql, lambda value: _key(value, type_))


def _key(value: str, type_: Type) -> str:
    match type_:
        case Timestamp():
            return f"trino_instant_of({value})"
        case Time():
            return f"trino_utc_us({value})"
        case Array(element):
            name = f"k{depth(type_)}"
            return f"list_transform({value}, lambda {name}: {key_sql(name, element)})"
        case Map(key, inner):
            name = f"k{depth(type_)}"
            entry = f"struct_pack(k := {key_sql(f'{name}.key', key)}, v := {key_sql(f'{name}.value', inner)})"
            return f"list_sort(list_transform(map_entries({value}), lambda {name}: {entry}))"
        case Row(fields):
            members = zip(field_names(type_), fields, strict=True)
            packed = (f"{quoted(name)} := {key_sql(f'{value}.{quoted(name)}', field.type)}" for name, field in members)
            return f"(CASE WHEN {value} IS NOT NULL THEN struct_pack({', '.join(packed)}) END)"
    return f"trino_address_bytes({value})"
