"""Functions of regular expressions, and how those of Trino are written for RE2 and for Python."""
