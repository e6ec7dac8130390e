"""The models of the stores: each test has a table of its own, so that none depends on another one."""

from __future__ import annotations

from typing import Any

from derived_tables.harness.warehouses import snapshot_model

#: With what Glue adds: `__dbt_interrupted_`, 12 of a digest, 12 of a time and 10 of a date, with `_` between them, are
#: 54 of 255 characters; `__dbt_snapshot_`, the date, `_dbt_compact_` and a UUID are 74.
LONG_TO_DROP, LONG_TO_COMPACT = "d" * 201, "c" * 181

#: Each test of the file on the left names its tables here.
_PLAIN = {
    "test_drop": (
        "kept before dated protected gone told half halted overtaken vanished other zone newest hidden "
        "unlocked removed freed taken unowned unseen unreadable corrupt ended"
    ),
    "test_list": "listed printed marked never unkept projected claimed",
    "test_compact": (
        "packed resumed busy raced disturbed disturbed_late six bucketed grown altered csv marks written once again"
    ),
    "test_places": "twins twin_plan late_twin guest host inside around rooted nested abroad nameless registered",
    "test_names": " ".join((LONG_TO_DROP, LONG_TO_DROP + "d", LONG_TO_COMPACT, LONG_TO_COMPACT + "c")),
    "test_denied": "denied denied_list denied_pack",
    "test_interrupted": "stopped",
    "test_size": "large",
}
_LEAVES = "leaves leaf_sweep leaf_pack odd batched uneven"
_QUERY = "select {{ step }} as id, cast('x' as varchar) as name, {{ today }} as snapshot_date"


def _model(**config: Any) -> str:
    return snapshot_model(_QUERY, **config)


MODELS = {
    **{name: _model() for names in _PLAIN.values() for name in names.split()},
    **{name: _model(partitioned_by=["snapshot_date", "region"]) for name in _LEAVES.split()},
    "texts": _model(partitioned_by=["day"], snapshot_format="%Y%m%d"),
    "numbers": _model(partitioned_by=["month"], snapshot_format="%Y%m"),
    **{
        name: f"{{{{ config(materialized='incremental', partitioned_by=['{key}']) }}}}\nselect 1 as id"
        for name, key in (("rewritten", "snapshot_date"), ("filtered", "snapshot_date"), ("regional", "region"))
    },
    "viewed": _model(),
    "plain": "{{ config(materialized='table') }}\nselect 1 as id",
}
#: As files of a project.
FILES = {f"models/sales/orders/orders__{name}.sql": text for name, text in MODELS.items()}
