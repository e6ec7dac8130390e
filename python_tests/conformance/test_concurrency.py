"""Models that run at the same time."""

# ruff: noqa: F401 -- pytest runs the classes that are imported.

from dbt.tests.adapter.concurrency.test_concurrency import BaseConcurrency as TestConcurrency
