"""Models that run at the same time."""

from dbt.tests.adapter.concurrency.test_concurrency import BaseConcurrency as TestConcurrency
