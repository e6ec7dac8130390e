"""Gives trees their meaning: names, types, scopes, and the DuckDB SQL that does the same."""
