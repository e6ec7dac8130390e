"""What GetQueryExecution calls statements, by their first words.

Expected: https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html and the pages of the statements
in Athena's documentation, as the corpus quotes them.
"""

from __future__ import annotations

import pytest
from corpus import corpus

from local_athena.execution.kinds import Kind, kind_of

from .support import Athena


@pytest.mark.parametrize(
    ("sql", "statement_type", "substatement_type"),
    [
        ("select 1", "DML", "SELECT"),
        ("-- dbt\n/* {} */ SELECT from where", "DML", "SELECT"),
        ("with t as (", "DML", "SELECT"),
        ("((values 1))", "DML", "SELECT"),
        ("insert nonsense", "DML", "INSERT"),
        ("delete t", "DML", "DELETE"),
        ("update", "DML", "UPDATE"),
        ("merge into", "DML", "MERGE"),
        ("unload select 1", "DML", "UNLOAD"),
        ("vacuum", "DML", "VACUUM_TABLE"),  # so PyAthena knows it
        ("create table t with (format = 'x'", "DML", "CREATE_TABLE_AS_SELECT"),
        ("create table if not exists t as", "DML", "CREATE_TABLE_AS_SELECT"),
        ("create table t (with int) as", "DDL", "CREATE_TABLE"),
        ("create table", "DDL", "CREATE_TABLE"),
        ("create external table t as select 1", "DDL", "CREATE_TABLE"),
        ("create external nonsense", "DDL", "CREATE_TABLE"),
        ("create or replace view v", "DDL", "CREATE_VIEW"),
        ("create view", "DDL", "CREATE_VIEW"),
        ("create schema if", "DDL", "CREATE_DATABASE"),
        ("create function f", "DDL", None),
        ("drop table if t", "DDL", "DROP_TABLE"),
        ("drop", "DDL", None),
        ("alter table t rename", "DDL", "ALTER_TABLE"),
        ("msck table t", "DDL", "MSCK_REPAIR_TABLE"),
        ("show tables in", "UTILITY", "SHOW_TABLES"),
        ("show create table", "UTILITY", "SHOW_CREATE_TABLE"),
        ("desc t t", "UTILITY", "DESCRIBE_TABLE"),
        ("show nonsense", "UTILITY", None),
        ("explain select", "UTILITY", "EXPLAIN"),
        ("execute p", "DML", None),
        ("selct 1", "DML", None),
        ("'", "DML", None),
    ],
)
def test_by_first_words(sql: str, statement_type: str, substatement_type: str | None) -> None:
    assert kind_of(sql) == Kind(statement_type, substatement_type)


def test_a_statement_that_succeeds_is_called_the_same(athena: Athena) -> None:
    iceberg = f"location '{athena.location}/i/' tblproperties ('table_type' = 'ICEBERG')"
    script = (
        "create database {0}_two; drop database {0}_two; show databases; create table t as select 1 as id, 'x' as p;"
        "show tables; show columns in t; describe t; show create table t; show tblproperties t; insert into t values "
        "(2, 'y'); select * from t; (select 1); table t; create view v as select 1 as x; show views; show create view "
        "v; drop view v; explain select 1; prepare q from select 1; deallocate prepare q; create external table e (x "
        f"int) partitioned by (p int) location '{athena.location}/e/'; msck repair table e; show partitions e; alter "
        f"table e add partition (p = 1); create table i (x int) {iceberg}; delete from i; update i set x = 1; merge "
        "into i using t on false when not matched then insert values (1); optimize i rewrite data using bin_pack; "
        f"vacuum i; drop table t; unload (select 1 as x) to '{athena.location}/u/' with (format = 'JSON')"
    )
    for statement in script.format(athena.database).split(";"):
        outcome = athena.run(statement).outcome
        assert kind_of(statement) == Kind(outcome.statement_type, outcome.substatement_type), statement


def test_statements_of_the_corpus() -> None:
    record = corpus.load_recorded_statements()
    for case in corpus.load_statement_cases():
        for step, recorded in zip(case.steps, record[case.id], strict=True):
            if recorded.statement_type is not None:
                assert kind_of(step.athena).statement_type == recorded.statement_type, step.athena
