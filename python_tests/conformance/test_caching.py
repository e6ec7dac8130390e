"""What dbt remembers of the relations that it found."""

from dbt.tests.adapter.caching.test_caching import BaseCachingLowercaseModel as TestCachingLowercaseModel
from dbt.tests.adapter.caching.test_caching import BaseCachingSelectedSchemaOnly as TestCachingSelectedSchemaOnly
from dbt.tests.adapter.caching.test_caching import BaseCachingUppercaseModel
from dbt.tests.adapter.caching.test_caching import BaseNoPopulateCache as TestNoPopulateCache

from .marks import not_on_duckdb


@not_on_duckdb("DuckDB keeps capitals, dbt looks an unquoted name up in small letters and finds it ambiguous.")
class TestCachingUppercaseModel(BaseCachingUppercaseModel):
    """A model with a name in capitals."""
