"""generate_s3_location(): the path, its unique last part, and the addresses it refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros

MODEL = "model.consumer.orders__daily"
UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.mark.parametrize("data_dir", ["s3://bucket/some/folder", "s3://bucket/some/folder/", "s3://my.bucket-1"])
def test_location_of_the_running_model(macros: Macros, data_dir: str) -> None:
    location = macros.call("generate_s3_location", model=MODEL, s3_data_dir=data_dir)
    table = "/dev/models/domain_name=sales/database_name=orders_dev_dbt/table_name=daily/"
    assert re.fullmatch(re.escape(data_dir.rstrip("/") + table) + UUID4, location)


def test_location_of_another_node(macros: Macros) -> None:
    seed = macros.manifest.nodes["seed.consumer.orders__bands"]
    location = macros.call("generate_s3_location", node=seed, s3_data_dir="s3://b1d")
    start = "s3://b1d/dev/seeds/domain_name=sales/database_name=orders_dev_dbt/table_name=bands/"
    assert re.fullmatch(re.escape(start) + UUID4, location)


def test_production_has_its_own_folder(prod_macros: Macros) -> None:
    location = prod_macros.call("generate_s3_location", model=MODEL, s3_data_dir="s3://bucket")
    start = "s3://bucket/prod/models/domain_name=sales/database_name=orders/table_name=daily/"
    assert re.fullmatch(re.escape(start) + UUID4, location)


def test_data_dir_of_the_target_is_the_default(athena_macros: Macros) -> None:
    location = athena_macros.call("generate_s3_location", model=MODEL)
    assert location.startswith("s3://derived-tables/tables/dev/models/domain_name=sales/")


def test_data_dir_of_the_node_wins_over_that_of_the_target(athena_macros: Macros) -> None:
    node = {**athena_macros.manifest.nodes[MODEL].to_dict(), "config": {"s3_data_dir": "s3://elsewhere/x"}}
    location = athena_macros.call("generate_s3_location", node=node)
    assert location.startswith("s3://elsewhere/x/dev/models/domain_name=sales/")


def test_every_location_is_new(macros: Macros) -> None:
    calls = [macros.call("generate_s3_location", model=MODEL, s3_data_dir="s3://bucket") for _ in range(50)]
    assert len(set(calls)) == 50


@pytest.mark.parametrize(
    "data_dir",
    [
        "", "bucket/folder", "s3:/bucket", "s3://", "s3://b", "s3://Bucket/x", "s3://bucket//x", "s3://bucket/x//",
        "s3://bucket/./x", "s3://bucket/../x", "s3://bucket/x/..", "s3://bucket/.../x", "s3://bucket/a b", "file:///x",
        7,
    ],
)  # fmt: skip
def test_bad_data_dir_is_refused(macros: Macros, data_dir: Any) -> None:
    with pytest.raises(
        CompilationError, match=r"derived_tables.generate_s3_location: `s3_data_dir` must be `s3://<bucket>"
    ):
        macros.call("generate_s3_location", model=MODEL, s3_data_dir=data_dir)


def test_parts_with_dots_are_kept(macros: Macros) -> None:
    location = macros.call("generate_s3_location", model=MODEL, s3_data_dir="s3://bucket/v1.2/a..b")
    assert location.startswith("s3://bucket/v1.2/a..b/dev/models/")


@pytest.mark.parametrize(
    ("table", "part"), [(".", "_"), ("..", "_"), ("a.b", "a_b"), ("a/../b", "a_b"), ("a b", "a_b"), ("a=", "a_")]
)
def test_what_cannot_stand_in_a_path_is_replaced(macros: Macros, table: str, part: str) -> None:
    node = macros.manifest.nodes[MODEL].to_dict()
    path = macros.call("_s3_table_path", node=node, database="orders", table=table)
    assert path == f"dev/models/domain_name=sales/database_name=orders/table_name={part}"


@pytest.mark.parametrize("node", [None, {"resource_type": "test"}, {"resource_type": "exposure"}])
def test_only_what_has_a_place_has_a_location(macros: Macros, node: dict[str, str] | None) -> None:
    with pytest.raises(CompilationError, match="`node` must be a model, a seed or a snapshot"):
        macros.call("generate_s3_location", node=node, s3_data_dir="s3://bucket")
