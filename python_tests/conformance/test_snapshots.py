"""Snapshots: strategies, hard deletes, new columns, names of their columns."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from dbt.adapters.athena.impl import AthenaAdapter
from dbt.tests.adapter.basic import files
from dbt.tests.adapter.basic.test_snapshot_check_cols import BaseSnapshotCheckCols
from dbt.tests.adapter.basic.test_snapshot_timestamp import BaseSnapshotTimestamp
from dbt.tests.adapter.simple_snapshot import new_record_timestamp_mode as new_record
from dbt.tests.adapter.simple_snapshot import test_ephemeral_snapshot_hard_deletes as new_column
from dbt.tests.adapter.simple_snapshot.new_record_check_mode import BaseSnapshotNewRecordCheckMode
from dbt.tests.adapter.simple_snapshot.new_record_dbt_valid_to_current import BaseSnapshotNewRecordDbtValidToCurrent
from dbt.tests.adapter.simple_snapshot.test_snapshot import (
    BaseSimpleSnapshot,
    BaseSimpleSnapshotBase,
    BaseSnapshotCheck,
)
from dbt.tests.adapter.simple_snapshot.test_various_configs import (
    BaseSnapshotColumnNames,
    BaseSnapshotColumnNamesFromDbtProject,
    BaseSnapshotDbtValidToCurrent,
    BaseSnapshotInvalidColumnNames,
    BaseSnapshotMultiUniqueKey,
)

from .athena_sql import athena_statement, athena_table
from .marks import athena_only, duckdb_only, not_on_athena

fixed_names = not_on_athena("dbt-athena's snapshot.sql names dbt_scd_id and dbt_valid_to itself.")


class IcebergSnapshots:
    """Snapshots in Iceberg tables, into which dbt-athena merges."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"snapshots": {"+table_type": "iceberg"}}


class IcebergSeeds:
    """Seeds and snapshots in Iceberg tables: the suite updates its seeds, and Athena no others."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {
            "seeds": {"+table_type": "iceberg", "+column_types": {"some_date": "timestamp(6)"}},
            "snapshots": {"+table_type": "iceberg"},
        }

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"base.csv": _with_spaces(files.seeds_base_csv), "added.csv": _with_spaces(files.seeds_added_csv)}

    @pytest.fixture(autouse=True)
    def trino_intervals(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """dbt-athena inherits PostgreSQL's intervals in a method that nothing but the suite calls."""

        def timestamp_add_sql(_: AthenaAdapter, add_to: str, number: int = 1, interval: str = "hour") -> str:
            return f"{add_to} + interval '{number}' {interval}"

        monkeypatch.setattr(AthenaAdapter, "timestamp_add_sql", timestamp_add_sql)


@duckdb_only
class TestSnapshotCheckCols(BaseSnapshotCheckCols):
    """Columns that change."""


@athena_only
class TestSnapshotCheckColsOnIceberg(IcebergSeeds, BaseSnapshotCheckCols):
    """Columns that change."""


@duckdb_only
class TestSnapshotTimestamp(BaseSnapshotTimestamp):
    """Rows that say when they changed."""


@athena_only
class TestSnapshotTimestampOnIceberg(IcebergSeeds, BaseSnapshotTimestamp):
    """Rows that say when they changed."""

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {
            "base.csv": _with_spaces(files.seeds_base_csv),
            "newcolumns.csv": _with_spaces(files.seeds_newcolumns_csv),
            "added.csv": _with_spaces(files.seeds_added_csv),
        }


class IcebergFact(IcebergSnapshots, BaseSimpleSnapshotBase):
    """The suite's table `fact` as an Iceberg table, changed in Athena's words."""

    def create_fact_from_seed(self, where: str | None = None) -> None:
        """Makes `fact` anew from the seed."""
        columns = "id, first_name, last_name, email, gender, ip_address, cast(updated_at as timestamp(6)) as updated_at"
        self.project.run_sql("drop table if exists {schema}.fact")
        self.project.run_sql(
            f"create table {{schema}}.fact with (table_type = 'ICEBERG', is_external = false, "
            f"location = 's3://derived-tables/suite/{uuid4()}') as select {columns} from {{schema}}.seed where {where}"
        )

    def add_fact_column(self, column: str | None = None, definition: str | None = None) -> None:
        """Adds a column of texts."""
        self.project.run_sql(f"alter table {{schema}}.fact add columns ({column} string)")

    def update_fact_records(self, updates: dict[str, str], where: str | None = None) -> None:
        """Changes rows of `fact`."""
        super().update_fact_records({name: athena_statement(value) for name, value in updates.items()}, where)


@duckdb_only
class TestSimpleSnapshot(BaseSimpleSnapshot):
    """Rows updated, inserted, deleted and revived; a column added."""


@athena_only
class TestSimpleSnapshotOnIceberg(IcebergFact, BaseSimpleSnapshot):
    """Rows updated, inserted, deleted and revived; a column added."""


@duckdb_only
class TestSnapshotCheck(BaseSnapshotCheck):
    """Some columns checked, others not."""


@athena_only
class TestSnapshotCheckOnIceberg(IcebergFact, BaseSnapshotCheck):
    """Some columns checked, others not."""


@fixed_names
class TestSnapshotColumnNames(BaseSnapshotColumnNames):
    """A snapshot's own columns under other names."""


@fixed_names
class TestSnapshotColumnNamesFromDbtProject(BaseSnapshotColumnNamesFromDbtProject):
    """A snapshot's own columns under names that the project gives."""


@fixed_names
class TestSnapshotInvalidColumnNames(BaseSnapshotInvalidColumnNames):
    """A snapshot's own columns renamed later."""


@fixed_names
class TestSnapshotDbtValidToCurrent(BaseSnapshotDbtValidToCurrent):
    """A date in `dbt_valid_to` of current rows."""


@fixed_names
class TestSnapshotMultiUniqueKey(BaseSnapshotMultiUniqueKey):
    """A key of several columns."""


@not_on_athena("dbt-athena's snapshot.sql takes rows without dbt_valid_to for the current ones.")
class TestSnapshotNewRecordDbtValidToCurrent(BaseSnapshotNewRecordDbtValidToCurrent):
    """A date in `dbt_valid_to` of current rows, and deleted rows recorded."""


class IcebergNewRecord(IcebergSnapshots):
    """The statements of the suite in Athena's words."""

    @pytest.fixture(scope="class")
    def snapshots(self) -> dict[str, str]:
        return {"snapshot.sql": new_record._snapshot_actual_sql.replace("'id || '", "'cast(id as varchar) || '")}

    @pytest.fixture(scope="class")
    def seed_new_record_mode_statements(self) -> list[str]:
        create_seed, create_expected, *others = new_record._seed_new_record_mode_statements
        return [athena_table(create_seed), athena_table(create_expected), *map(athena_statement, others)]

    @pytest.fixture(scope="class")
    def invalidate_sql_statements(self) -> list[str]:
        return [athena_statement(statement) for statement in new_record._invalidate_sql_statements]

    @pytest.fixture(scope="class")
    def update_sql(self) -> str:
        return athena_statement(new_record._update_sql)

    @pytest.fixture(scope="class")
    def reinsert_sql(self) -> str:
        return athena_statement(new_record._reinsert_sql)


@duckdb_only
class TestSnapshotNewRecordTimestampMode(new_record.BaseSnapshotNewRecordTimestampMode):
    """Deleted rows recorded, by time."""


@athena_only
class TestSnapshotNewRecordTimestampModeOnIceberg(IcebergNewRecord, new_record.BaseSnapshotNewRecordTimestampMode):
    """Deleted rows recorded, by time."""


@duckdb_only
class TestSnapshotNewRecordCheckMode(BaseSnapshotNewRecordCheckMode):
    """Deleted rows recorded, by columns."""


@athena_only
class TestSnapshotNewRecordCheckModeOnIceberg(IcebergNewRecord, BaseSnapshotNewRecordCheckMode):
    """Deleted rows recorded, by columns."""


class IcebergSource(IcebergSnapshots):
    """The suite's source as an Iceberg table; a column that Athena adds has no default."""

    @pytest.fixture(scope="class")
    def source_create_sql(self) -> str:
        return athena_table(new_column._source_create_sql)

    @pytest.fixture(scope="class")
    def source_insert_sql(self) -> str:
        return athena_statement(new_column._source_insert_sql)

    @pytest.fixture(scope="class")
    def source_alter_sql(self) -> str:
        return "alter table {schema}.src_customers add columns (dummy_column string)"


@duckdb_only
class TestSnapshotEphemeralHardDeletes(new_column.BaseSnapshotEphemeralHardDeletes):
    """An ephemeral model with a new column, deleted rows recorded."""


@athena_only
class TestSnapshotEphemeralHardDeletesOnIceberg(IcebergSource, new_column.BaseSnapshotEphemeralHardDeletes):
    """An ephemeral model with a new column, deleted rows recorded."""


@duckdb_only
class TestSnapshotNewColumnTimestampStrategy(new_column.BaseSnapshotNewColumnTimestampStrategy):
    """A new column, by time."""


@athena_only
class TestSnapshotNewColumnTimestampStrategyOnIceberg(IcebergSource, new_column.BaseSnapshotNewColumnTimestampStrategy):
    """A new column, by time."""


@duckdb_only
class TestSnapshotNewColumnSpecificCheckCols(new_column.BaseSnapshotNewColumnSpecificCheckCols):
    """A new column that is not checked."""


@athena_only
class TestSnapshotNewColumnSpecificCheckColsOnIceberg(IcebergSource, new_column.BaseSnapshotNewColumnSpecificCheckCols):
    """A new column that is not checked."""


@duckdb_only
class TestSnapshotNewColumnWithDeletes(new_column.BaseSnapshotNewColumnWithDeletes):
    """A new column, and a row deleted at the same time."""


@athena_only
class TestSnapshotNewColumnWithDeletesOnIceberg(IcebergSource, new_column.BaseSnapshotNewColumnWithDeletes):
    """A new column, and a row deleted at the same time."""


def _with_spaces(csv: str) -> str:
    """Puts a space between date and time, where Trino reads no `T`."""
    return re.sub(r"(\d)T(\d)", r"\1 \2", csv)
