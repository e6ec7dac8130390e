"""`dbt docs generate`, and descriptions kept in the database."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.basic.expected_catalog import base_expected_catalog, expected_references_catalog, no_stats
from dbt.tests.adapter.basic.test_docs_generate import BaseDocsGenerate, BaseDocsGenReferences
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocs,
    BasePersistDocsAllColumnsMissing,
    BasePersistDocsColumnMissing,
    BasePersistDocsQuotedColumnCaseSensitive,
    BasePersistDocsQuotedDescriptionNotAppliedOnMismatch,
)
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocsCommentOnQuotedColumn as TestPersistDocsCommentOnQuotedColumn,
)

from .marks import athena_only, duckdb_only, not_on_athena

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


#: What Athena writes into the Glue entry of each view.
VIEW_COMMENT = "Presto View"


@duckdb_only
class TestDocsGenerate(BaseDocsGenerate):
    """The catalog of a seed, its views and a source."""

    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any) -> dict[str, Any]:
        return dict(base_expected_catalog(project, role=None, model_stats=no_stats(), **NAMES["duckdb"]))


@athena_only
class TestDocsGenerateOnAthena(BaseDocsGenerate):
    """The catalog of a seed, its views and a source."""

    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any) -> dict[str, Any]:
        return _as_athena(base_expected_catalog(project, role=None, model_stats=no_stats(), **NAMES["athena_local"]))


@duckdb_only
class TestDocsGenReferences(BaseDocsGenReferences):
    """The catalog of an ephemeral model's descendants."""

    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any) -> dict[str, Any]:
        return dict(
            expected_references_catalog(
                project, role=None, model_stats=no_stats(), bigint_type="BIGINT", **NAMES["duckdb"]
            )
        )


@athena_only
class TestDocsGenReferencesOnAthena(BaseDocsGenReferences):
    """The catalog of an ephemeral model's descendants."""

    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any) -> dict[str, Any]:
        return _as_athena(
            expected_references_catalog(
                project, role=None, model_stats=no_stats(), bigint_type="bigint", **NAMES["athena_local"]
            )
        )


@duckdb_only
class TestPersistDocs(BasePersistDocs):
    """Descriptions of tables, views and columns."""


@athena_only
class TestPersistDocsOnAthena(BasePersistDocs):
    """Descriptions of tables, views and columns, which dbt-athena puts into one line, and cuts where Glue does."""

    def _assert_common_comments(self, *comments: str) -> None:
        """Compares with the suite's description, new lines and what is cut aside."""
        for comment in comments:
            assert '"with double quotes"' in comment
            assert "'''abc123'''" in comment
            assert "Some $lbl$ labeled $lbl$ and $$ unlabeled $$ dollar-quoting" in comment or comment.endswith("...")
            assert "/* comment */" in comment
            assert "\n" not in comment

    def _assert_has_view_comments(self, view_node: dict[str, Any], *expected: bool) -> None:
        """Takes what Athena says of each view for no description."""
        if view_node["metadata"]["comment"] == VIEW_COMMENT:
            view_node["metadata"]["comment"] = None
        super()._assert_has_view_comments(view_node, *expected)


class TestPersistDocsColumnMissing(BasePersistDocsColumnMissing):
    """A description without a column beside one that has its column."""


class TestPersistDocsAllColumnsMissing(BasePersistDocsAllColumnsMissing):
    """Descriptions without columns."""


class TestPersistDocsQuotedColumnCaseSensitive(BasePersistDocsQuotedColumnCaseSensitive):
    """A quoted description of a column that differs by case."""


@not_on_athena("Glue keeps names of columns in small letters: no column differs from its description by case.")
class TestPersistDocsQuotedDescriptionNotAppliedOnMismatch(BasePersistDocsQuotedDescriptionNotAppliedOnMismatch):
    """A description whose name differs from the column's by case."""


def _as_athena(catalog: dict[str, Any]) -> dict[str, Any]:
    """Puts into an expected catalog what is Athena's: its comment on views, and columns counted from 0."""
    for node in (*catalog["nodes"].values(), *catalog["sources"].values()):
        if node["metadata"]["type"] == "view":
            node["metadata"]["comment"] = VIEW_COMMENT
        node["columns"] = {
            name: {**column, "index": column["index"] - 1 if isinstance(column["index"], int) else column["index"]}
            for name, column in node["columns"].items()
        }
    return catalog
