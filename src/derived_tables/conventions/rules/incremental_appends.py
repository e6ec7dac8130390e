"""DT501: running an incremental model again must not double its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derived_tables.conventions.model import Context, Finding, Rule


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes:
        if node.resource_type == "model" and node.materialized == "incremental":
            found = _problem(node.config, context.adapter)
            if found is not None:
                yield Finding(node.path, 1, *found)


def _problem(config: Mapping[str, Any], adapter: str) -> tuple[str, str] | None:
    """What is wrong with the config of an incremental model, and what to do about it.

    dbt-athena's default strategy is `insert_overwrite`, which appends where there is no `partitioned_by`; that of
    dbt-duckdb is `delete+insert`, which appends where there is no `unique_key`.
    """
    strategy = config.get("incremental_strategy")
    on_athena = adapter == "athena"
    on_hive = on_athena and str(config.get("table_type") or "hive").lower() != "iceberg"
    default, key = ("insert_overwrite", "partitioned_by") if on_athena else ("delete+insert", "unique_key")
    is_default = strategy in (None, "default", default)
    appends_without_key = is_default and not config.get(key) and (on_hive or not on_athena)
    if strategy != "append" and not appends_without_key:
        return None
    if not on_hive and any("idempotent_append" in _sql(hook) for hook in config.get("pre-hook") or []):
        return None
    cause = "is `append`" if strategy == "append" else f"is `{default}`, which appends without `{key}`"
    remedy = (
        "set `incremental_strategy: insert_overwrite` and `partitioned_by`, or `materialized: snapshot_append`"
        if on_hive
        else "add the pre-hook `{{ derived_tables.idempotent_append() }}`, or set `materialized: snapshot_append`"
    )
    return f"its `incremental_strategy` {cause}: running it again for the same day doubles the rows", remedy


def _sql(hook: Any) -> str:
    return str(hook.get("sql", "")) if isinstance(hook, dict) else str(hook)


INCREMENTAL_APPENDS = Rule(
    id="DT501",
    name="incremental-appends",
    statement="Running an incremental model again for the same day leaves its table as it was.",
    why="Runs are repeated: after a failure, by hand, by a scheduler. A model that only appends then counts rows "
    "twice, and no test of its own notices unless it knows what is unique.",
    fix="Keep dated copies with `materialized: snapshot_append`; or overwrite partitions (Hive), or delete what the "
    "run is about to append (DuckDB and Iceberg).",
    severity="error",
    check=_check,
)
