"""Trino's types."""
