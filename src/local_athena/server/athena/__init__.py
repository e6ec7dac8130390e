"""Athena's control plane: executions, work groups, saved statements, catalogs."""
