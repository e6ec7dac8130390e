"""Runs statements: each kind of statement in a module, what they share in `context`."""
