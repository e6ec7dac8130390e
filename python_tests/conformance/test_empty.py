"""`--empty`: tables without rows."""

# ruff: noqa: F401 -- pytest runs the classes that are imported.

from dbt.tests.adapter.empty.test_empty import BaseTestEmpty as TestEmpty
from dbt.tests.adapter.empty.test_empty import BaseTestEmptyInlineSourceRef as TestEmptyInlineSourceRef
from dbt.tests.adapter.empty.test_empty import BaseTestEmptySeedFlag
from dbt.tests.adapter.empty.test_empty import MetadataWithEmptyFlag as TestMetadataWithEmptyFlag
