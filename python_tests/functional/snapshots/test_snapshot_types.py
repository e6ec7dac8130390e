"""Columns of all types, names and formats in tables of the materialization snapshot_append."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from derived_tables.harness.warehouses import Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"

#: A value of each type: for DuckDB, for Athena, how they print it, and the type in Glue.
VALUES: dict[str, tuple[str, str, str, str, str]] = {
    "a_struct": (
        "{'a': 1, 'string': 'x'}",
        "cast(row(1, 'x') as row(a integer, string varchar))",
        "{'a': 1, 'string': x}",
        "{a=1, string=x}",
        "struct<a:int,string:string>",
    ),
    "a_list": ("[1, 2]", "array[1, 2]", "[1, 2]", "[1, 2]", "array<int>"),
    "a_map": (
        "map(['k'], [1.5::float])",
        "map(array[cast('k' as varchar)], array[cast(1.5 as real)])",
        "{k=1.5}",
        "{k=1.5}",
        "map<string,float>",
    ),
    "deep": (
        "[{'string': 1, 'int': [1.25::decimal(5, 2)]}]",
        "cast(array[row(1, array[1.25])] as array(row(string integer, int array(decimal(5, 2)))))",
        "[{'string': 1, 'int': [1.25]}]",
        "[{string=1, int=[1.25]}]",
        "array<struct<string:int,int:array<decimal(5,2)>>>",
    ),
    "money": ("1.5::decimal(10, 2)", "cast(1.5 as decimal(10, 2))", "1.50", "1.50", "decimal(10,2)"),
    "moment": (
        "timestamp '2024-01-01 00:00:00'",
        "timestamp '2024-01-01 00:00:00.000'",
        "2024-01-01 00:00:00",
        "2024-01-01 00:00:00.000",
        "timestamp",
    ),
    "day": ("date '2024-01-01'", "date '2024-01-01'", "2024-01-01", "2024-01-01", "date"),
    "flag": ("true", "true", "true", "true", "boolean"),
    "bytes": ("'ab'::blob", "cast('ab' as varbinary)", "ab", "61 62", "binary"),
    "half": ("0.5::float", "cast(0.5 as real)", "0.5", "0.5", "float"),
    "long": ("1::bigint", "cast(1 as bigint)", "1", "1", "bigint"),
    "text": ("'abc'", "'abc'", "abc", "abc", "string"),
}
#: Names that need quotes somewhere, as queries write them.
NAMES = ("Capitals", "order", "a name", "1st", "select", "snapshot date", "with.dot")

FORMATS = ("parquet", "orc", "avro", "json", "textfile")


def select(kind: str, names: Sequence[str]) -> str:
    """The columns of a query."""
    values = [f"{VALUES[name][0 if kind == 'duckdb' else 1]} as {name}" for name in names]
    text = ", ".join(["1 as id", *values])
    return text if kind != "iceberg" else text.replace("00:00:00.000'", "00:00:00.000000'")


def printed(kind: str, name: str) -> str:
    """A value as it reads."""
    if kind == "iceberg" and name == "moment":
        return "2024-01-01 00:00:00.000000"
    return VALUES[name][2 if kind == "duckdb" else 3]


def changing(before: str, after: str, **config: object) -> str:
    """A model with other columns in step 2."""
    return snapshot_model(
        f"select {{% if step == 1 %}}{before}{{% else %}}{after}{{% endif %}}, {{{{ today }}}} as snapshot_date",
        on_schema_change="append_new_columns",
        **config,
    )


@pytest.fixture(
    scope="module", params=["hive", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("duckdb", "iceberg"))]
)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """January, then February with other columns, then January again with those of February."""
    kind: str = request.param
    odd = ", ".join(f'{number} as "{name}"' for number, name in enumerate(NAMES))
    models = {
        "gained": changing(select(kind, []), select(kind, list(VALUES))),
        "lost": changing(select(kind, list(VALUES)), select(kind, ["flag"])),
        "names": changing(f"1 as id, {odd}", f"1 as id, {odd}"),
        "new_names": changing("1 as id", f"1 as id, {odd}"),
        "texts": snapshot_model(
            "select {{ \"'a'\" if step == 1 else \"'abc'\" }} as name, {{ today }} as snapshot_date,"
            " {{ \"'b'\" if step == 1 else \"'bcd'\" }} as region",
            partitioned_by=["snapshot_date", "region"],
        ),
    }
    made = make_warehouse(kind, {f"models/sales/orders/orders__{name}.sql": text for name, text in models.items()})
    for day, step in ((JANUARY, 1), (FEBRUARY, 2), (JANUARY, 3)):
        made.run(day, step).passed()
        if step == 2:
            assert made.rows("gained", "snapshot_date, id, deep, text") == [
                (JANUARY, "1", None, None),
                (FEBRUARY, "1", printed(kind, "deep"), printed(kind, "text")),
            ]
    return made


def test_columns_of_all_types_are_added(warehouse: Warehouse) -> None:
    row = ("1", *(printed(warehouse.kind, name) for name in VALUES))
    columns = ", ".join(VALUES)
    assert warehouse.rows("gained", f"snapshot_date, id, {columns}") == [(JANUARY, *row), (FEBRUARY, *row)]
    if warehouse.kind != "duckdb":
        types = dict(warehouse.described("gained"))
        assert types == {"id": "int", "snapshot_date": "date", **{name: VALUES[name][4] for name in VALUES}}


def test_columns_of_all_types_are_null_once_they_are_gone(warehouse: Warehouse) -> None:
    left = ("1", *("true" if name == "flag" else None for name in VALUES))
    columns = ", ".join(VALUES)
    assert warehouse.rows("lost", f"snapshot_date, id, {columns}") == [(JANUARY, *left), (FEBRUARY, *left)]


@pytest.mark.parametrize("table", ["names", "new_names"])
def test_names_that_need_quotes(warehouse: Warehouse, table: str) -> None:
    columns = ", ".join(f'"{name}"' for name in NAMES)
    row = tuple(str(number) for number in range(len(NAMES)))
    assert warehouse.rows(table, f"snapshot_date, {columns}") == [(JANUARY, *row), (FEBRUARY, *row)]


def test_literals_may_grow(warehouse: Warehouse) -> None:
    """A literal of one letter is a varchar(1) on Athena; a Hive table of that type would cut `abc`."""
    assert warehouse.rows("texts", "snapshot_date, name, region") == [
        (JANUARY, "abc", "bcd"),
        (FEBRUARY, "abc", "bcd"),
    ]


@pytest.mark.long
def test_formats_read_new_columns_in_old_dates_that_are_run_again(make_warehouse: Callable[..., Warehouse]) -> None:
    before, after = "1 as id, 'a' as name", "2 as id, 9 as size, 'b' as name"
    models = {f"as_{format_}": changing(before, after, format=format_) for format_ in FORMATS}
    files = {f"models/sales/orders/orders__{name}.sql": text for name, text in models.items()}
    warehouse = make_warehouse("hive", files)
    old, new = ("1", "a", None), ("2", "b", "9")
    for day, step, expected in (
        (JANUARY, 1, [(JANUARY, *old)]),
        (FEBRUARY, 2, [(JANUARY, *old), (FEBRUARY, *new)]),
        (JANUARY, 3, [(JANUARY, *new), (FEBRUARY, *new)]),
    ):
        warehouse.run(day, step).passed()
        for name in models:
            size = "size" if step > 1 else "cast(null as integer)"
            assert warehouse.rows(name, f"snapshot_date, id, name, {size} as size") == expected, name


@pytest.mark.long
@pytest.mark.parametrize("format_", FORMATS)
def test_columns_found_by_their_place_cannot_go(format_: str, make_warehouse: Callable[..., Warehouse]) -> None:
    text = snapshot_model(
        "select 1 as id, {{ '7 as size,' if step == 1 }} 'a' as name, {{ today }} as snapshot_date",
        on_schema_change="sync_all_columns",
        format=format_,
    )
    warehouse = make_warehouse("hive", {"models/sales/orders/orders__sized.sql": text})
    warehouse.run(JANUARY, 1).passed()
    run = warehouse.run(FEBRUARY, 2)
    old = (JANUARY, "1", "a")
    if format_ in ("orc", "textfile"):
        assert f"because Athena finds those of `{format_}` files by their position" in run.output
        assert warehouse.rows("sized", "snapshot_date, id, name, size") == [(*old, "7")]
    else:
        run.passed()
        assert warehouse.columns("sized") == ["id", "name", "snapshot_date"]
        assert warehouse.rows("sized", "snapshot_date, id, name") == [old, (FEBRUARY, "1", "a")]
