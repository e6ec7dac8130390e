"""Hive tables: files in folders, described by Glue."""
