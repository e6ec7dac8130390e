"""`dbt docs generate`, and descriptions kept in the database."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.basic.expected_catalog import base_expected_catalog, expected_references_catalog, no_stats
from dbt.tests.adapter.basic.test_docs_generate import BaseDocsGenerate, BaseDocsGenReferences
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocs as TestPersistDocs
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocsAllColumnsMissing as TestPersistDocsAllColumnsMissing,
)
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocsColumnMissing as TestPersistDocsColumnMissing,
)
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocsCommentOnQuotedColumn as TestPersistDocsCommentOnQuotedColumn,
)
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocsQuotedColumnCaseSensitive as TestPersistDocsQuotedColumnCaseSensitive,
)
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsQuotedDescriptionNotAppliedOnMismatch

from .marks import not_on_athena

#: How each adapter's catalog names kinds of relations and types of columns; neither knows an owner.
NAMES = {
    "duckdb": {
        "view_type": "VIEW",
        "table_type": "BASE TABLE",
        "id_type": "INTEGER",
        "text_type": "VARCHAR",
        "time_type": "TIMESTAMP",
    },
    "athena_local": {
        "view_type": "view",
        "table_type": "table",
        "id_type": "int",
        "text_type": "string",
        "time_type": "timestamp",
    },
}
BIGINT = {"duckdb": "BIGINT", "athena_local": "bigint"}


class TestDocsGenerate(BaseDocsGenerate):
    """The catalog of a seed, its views and a source."""

    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any, target_name: str) -> dict[str, Any]:
        return dict(base_expected_catalog(project, role=None, model_stats=no_stats(), **NAMES[target_name]))


class TestDocsGenReferences(BaseDocsGenReferences):
    """The catalog of an ephemeral model's descendants."""

    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any, target_name: str) -> dict[str, Any]:
        return dict(
            expected_references_catalog(
                project, role=None, model_stats=no_stats(), bigint_type=BIGINT[target_name], **NAMES[target_name]
            )
        )


@not_on_athena("Glue keeps names of columns in small letters: no column differs from its description by case.")
class TestPersistDocsQuotedDescriptionNotAppliedOnMismatch(BasePersistDocsQuotedDescriptionNotAppliedOnMismatch):
    """A description whose name differs from the column's by case."""
