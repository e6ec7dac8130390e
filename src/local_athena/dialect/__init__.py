"""From Athena's SQL to DuckDB's: parsed strictly, typed as Trino types it, and refused where Trino refuses it."""
