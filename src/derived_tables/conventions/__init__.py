"""What the project's conventions are, and which nodes break them."""
