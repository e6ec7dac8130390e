"""What the verbs of `derived-tables snapshots` do."""
