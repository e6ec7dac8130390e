"""Reads the names of types: Trino's in SQL, Hive's in DDL and Glue."""

from __future__ import annotations

from local_athena.types.hive import hive_name, hive_type
from local_athena.types.trino import trino_type

__all__ = ["hive_name", "hive_type", "trino_type"]
