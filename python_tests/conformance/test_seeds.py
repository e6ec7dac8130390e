"""Seeds: configuration, types, delimiters, odd files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dbt.tests.adapter.simple_seed import fixtures, seeds
from dbt.tests.adapter.simple_seed.test_seed import (
    BaseBasicSeedTests,
    BaseSeedConfigFullRefreshOff,
    BaseSeedConfigFullRefreshOn,
    BaseSeedCustomSchema,
    BaseSeedParsing,
    BaseSeedWithUniqueDelimiter,
    BaseSeedWithWrongDelimiter,
    BaseSimpleSeedEnabledViaConfig,
    BaseSimpleSeedWithBOM,
)
from dbt.tests.adapter.simple_seed.test_seed import BaseSeedSpecificFormats as TestSeedSpecificFormats
from dbt.tests.adapter.simple_seed.test_seed import BaseSeedWithEmptyDelimiter as TestSeedWithEmptyDelimiter
from dbt.tests.adapter.simple_seed.test_seed import BaseTestEmptySeed as TestEmptySeed
from dbt.tests.adapter.simple_seed.test_seed_type_override import BaseSimpleSeedColumnOverride
from dbt.tests.util import run_dbt

EXPECTED_COLUMNS = "seed_id, first_name, email, ip_address, birthday"

#: What each adapter calls the types of the columns that the suite checks.
TYPES = {
    "duckdb": {
        "text": "character varying(256)",
        "integer": "INTEGER",
        "boolean": "BOOLEAN",
        "date": "DATE",
        "timestamp without time zone": "TIMESTAMP",
    },
    "athena_local": {"text": "varchar", "integer": "int", "timestamp without time zone": "timestamp"},
}


class ExpectedTable:
    """The table that the suite compares seeds with; Athena makes tables of rows by CTAS only."""

    @pytest.fixture(scope="class", autouse=True)
    def setUp(self, project: Any, target_name: str) -> None:
        if target_name == "duckdb":
            project.run_sql(seeds.seeds__expected_sql)
            return
        rows = seeds.seeds__expected_sql.split("VALUES", 1)[1].strip().rstrip(";")
        columns = EXPECTED_COLUMNS.replace("birthday", "cast(birthday as timestamp) as birthday")
        project.run_sql(
            f"create table {{schema}}.seed_expected with (format = 'PARQUET') as "
            f"select {columns} from (values {rows}) as expected ({EXPECTED_COLUMNS})"
        )


class TestBasicSeeds(ExpectedTable, BaseBasicSeedTests):
    """A seed twice, and with `--full-refresh`, which drops no views in either engine."""

    def test_simple_seed_full_refresh_flag(self, project: Any) -> None:
        self._build_relations_for_test(project)
        self._check_relation_end_state(run_dbt(["seed", "--full-refresh"]), project, exists=True)


class TestSeedConfigFullRefreshOn(ExpectedTable, BaseSeedConfigFullRefreshOn):
    """`full_refresh: true`, which drops no views in either engine."""

    def test_simple_seed_full_refresh_config(self, project: Any) -> None:
        self._build_relations_for_test(project)
        self._check_relation_end_state(run_dbt(["seed"]), project, exists=True)


class TestSeedConfigFullRefreshOff(ExpectedTable, BaseSeedConfigFullRefreshOff):
    """`full_refresh: false`."""


class TestSeedCustomSchema(ExpectedTable, BaseSeedCustomSchema):
    """A seed in a schema of its own."""


class TestSeedWithUniqueDelimiter(ExpectedTable, BaseSeedWithUniqueDelimiter):
    """Fields between pipes."""


class TestSeedWithWrongDelimiter(ExpectedTable, BaseSeedWithWrongDelimiter):
    """A delimiter that is not in the file: one column with an impossible name."""


class TestSeedParsing(ExpectedTable, BaseSeedParsing):
    """A broken seed harms `dbt seed` only."""


class TestSeedWithBOM(ExpectedTable, BaseSimpleSeedWithBOM):
    """A file that begins with a byte order mark."""

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"seed_bom.csv": "\ufeff" + seeds.seed__actual_csv}


class TestSeedEnabledViaConfig(BaseSimpleSeedEnabledViaConfig):
    """Seeds switched off."""


class TestSeedColumnOverride(BaseSimpleSeedColumnOverride):
    """Types given by the configuration."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        seeds_config = {
            "enabled": False,
            "quote_columns": True,
            "seed_enabled": {"enabled": True, "+column_types": {"seed_id": "varchar", "birthday": "date"}},
            "seed_tricky": {
                "enabled": True,
                "+column_types": dict.fromkeys(("seed_id_str", "looks_like_a_bool", "looks_like_a_date"), "varchar"),
            },
        }
        return {"seeds": {"test": seeds_config}}

    @pytest.fixture(scope="class")
    def models(self, target_name: str) -> dict[str, str]:
        text = fixtures.properties__schema_yml
        for name, adapters in TYPES[target_name].items():
            text = text.replace(f"type: {name}\n", f"type: {adapters}\n")
        return {"schema.yml": text}
