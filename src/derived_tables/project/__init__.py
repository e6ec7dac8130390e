"""A dbt project from outside of a run: its target, its environment, its nodes, and dbt itself."""
