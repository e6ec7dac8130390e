"""Expressions and statements with what Trino or the Athena documentation says of each."""
