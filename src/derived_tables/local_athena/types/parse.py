"""Reads the names of types: Trino's in SQL, Hive's in DDL and Glue."""

from __future__ import annotations

from derived_tables.local_athena.types.model import Type


def trino_type(text: str) -> Type:
    """The type that a cast names, e.g. `decimal(10, 2)`, `map(varchar, array(row(x bigint, varchar)))`.

    Raises:
        AthenaError: TYPE_NOT_FOUND for an unknown one, e.g. `string`; SYNTAX_ERROR; TYPE_MISMATCH for bad parameters.
    """
    raise NotImplementedError


def hive_type(text: str) -> Type:
    """The type that DDL or Glue names, e.g. `string`, `struct<a:int,b:array<string>>`, `decimal(10,2)`.

    `timestamp` is `timestamp(3)`; Iceberg tables take theirs from Iceberg's schema instead.

    Raises:
        AthenaError: for an unknown one.
    """
    raise NotImplementedError


def hive_name(type_: Type) -> str:
    """The name under which CTAS writes a type into Glue, e.g. `string`, `struct<a:int>`.

    Raises:
        AthenaError: NOT_SUPPORTED, in Athena's words, for a type that Hive tables cannot hold.
    """
    raise NotImplementedError
