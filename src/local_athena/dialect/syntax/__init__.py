"""Trino's grammar of queries and changes: text to tree, and trees back to text for messages."""
