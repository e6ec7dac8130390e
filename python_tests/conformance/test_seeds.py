"""Seeds: configuration, types, delimiters, odd files."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.simple_seed import fixtures, seeds
from dbt.tests.adapter.simple_seed.test_seed import (
    BaseBasicSeedTests,
    BaseSeedConfigFullRefreshOff,
    BaseSeedConfigFullRefreshOn,
    BaseSeedCustomSchema,
    BaseSeedParsing,
    BaseSeedSpecificFormats,
    BaseSeedWithEmptyDelimiter,
    BaseSeedWithUniqueDelimiter,
    BaseSeedWithWrongDelimiter,
    BaseSimpleSeedEnabledViaConfig,
    BaseSimpleSeedWithBOM,
)
from dbt.tests.adapter.simple_seed.test_seed import BaseTestEmptySeed as TestEmptySeed
from dbt.tests.adapter.simple_seed.test_seed_type_override import BaseSimpleSeedColumnOverride
from dbt.tests.util import run_dbt

from .marks import athena_only, duckdb_only

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
    "athena_local": {
        "text": "varchar",
        "integer": "int",
        "date": "timestamp",
        "timestamp without time zone": "timestamp",
    },
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


class TestSeedWithEmptyDelimiter(ExpectedTable, BaseSeedWithEmptyDelimiter):
    """No delimiter."""


@duckdb_only
class TestSeedWithWrongDelimiter(ExpectedTable, BaseSeedWithWrongDelimiter):
    """A delimiter that is not in the file: one column with an impossible name."""


@athena_only
class TestSeedWithWrongDelimiterOnAthena(ExpectedTable, BaseSeedWithWrongDelimiter):
    """A delimiter that is not in the file, in the words of Athena's DDL."""

    def test_seed_with_wrong_delimiter(self, project: Any) -> None:
        results = run_dbt(["seed"], expect_pass=False)
        assert "ParseException" in results.results[0].message


@duckdb_only
class TestSeedSpecificFormats(BaseSeedSpecificFormats):
    """Many rows, dots in a name, letters of all kinds."""


@athena_only
class TestSeedSpecificFormatsOnAthena(BaseSeedSpecificFormats):
    """Many rows and letters of all kinds; the names of Athena's tables have no dots."""

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {
            "big_seed.csv": "\n".join(["seed_id", *map(str, range(20_000))]),
            "seed_with_underscores.csv": seeds.seed__with_dots_csv,
            "seed_unicode.csv": seeds.seed__unicode_csv,
        }


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
    """Types given by the configuration; Trino makes no date of a text with a time."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        birthday = {"duckdb": "date", "athena_local": "timestamp"}[target_name]
        seeds_config = {
            "enabled": False,
            "quote_columns": True,
            "seed_enabled": {"enabled": True, "+column_types": {"seed_id": "varchar", "birthday": birthday}},
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
