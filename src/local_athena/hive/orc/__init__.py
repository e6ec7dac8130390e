"""ORC files: what they say of themselves at their end."""
