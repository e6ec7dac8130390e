"""What a run cost: statements, bytes and price of each node."""
