"""`--empty`: tables without rows."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.empty.test_empty import BaseTestEmpty as TestEmpty
from dbt.tests.adapter.empty.test_empty import BaseTestEmptyInlineSourceRef as TestEmptyInlineSourceRef
from dbt.tests.adapter.empty.test_empty import BaseTestEmptySeedFlag, MetadataWithEmptyFlag

from .marks import new_in

#: Changes of a relation that an adapter does not make.
UNSUPPORTED = {
    ("duckdb", "alter_column_type"): "DuckDB does not commit the three changes of one table that dbt makes.",
    ("athena_local", "alter_column_type"): "athena__alter_column_type needs a relation that knows its type.",
    ("athena_local", "alter_relation_add_remove_columns"): "dbt-athena has no macro for it; dbt's DDL is not Athena's.",
    ("athena_local", "truncate_relation"): "dbt-athena has no macro for it; Athena has no TRUNCATE.",
}


@new_in((1, 12), "`dbt seed --empty`")
class TestEmptySeedFlag(BaseTestEmptySeedFlag):
    """`dbt seed --empty`."""


class TestMetadataWithEmptyFlag(MetadataWithEmptyFlag):
    """Macros that change or describe a relation, given one without rows."""

    @pytest.mark.parametrize(
        "model",
        [
            "control",
            "get_columns_in_relation",
            "alter_column_type",
            "alter_relation_comment",
            "alter_column_comment",
            "alter_relation_add_remove_columns",
            "truncate_relation",
        ],
    )
    def test_run(self, project: Any, model: str, target_name: str) -> None:
        if (target_name, model) in UNSUPPORTED:
            pytest.skip(UNSUPPORTED[target_name, model])
        super().test_run(project, model)
