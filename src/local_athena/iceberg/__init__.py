"""Iceberg tables: real ones, format version 2, that any other client of Iceberg reads and writes too."""
