"""Glue's API: the catalogue of databases, tables and partitions."""
