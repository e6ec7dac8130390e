"""Runs dbt projects in tests: in process, on the targets that the project knows."""
