"""SHOW CREATE TABLE, SHOW TBLPROPERTIES and DESCRIBE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from local_athena.errors import not_supported
from local_athena.iceberg import properties
from local_athena.iceberg.partitioning import declaration
from local_athena.iceberg.schemas import glue_type
from local_athena.iceberg.tables import State


def table_properties(state: State) -> Mapping[str, str]:
    """What SHOW TBLPROPERTIES prints: under the names by which Athena takes them."""
    kept = {properties.athena_name(name): value for name, value in state.metadata.properties.items()}
    return {"table_type": "iceberg", **kept}


def create_statement(state: State) -> Sequence[str]:
    """The lines of SHOW CREATE TABLE.

    Raises:
        AthenaError: NOT_SUPPORTED if the table has what Athena's CREATE TABLE cannot say.
    """
    metadata = state.metadata
    given = table_properties(state)
    for name in given:
        if name != "table_type" and not properties.is_known(name):
            raise not_supported(f"Table {state.name.database}.{state.name.table} has a custom property: {name}")
    columns = [
        f"  {field.name} {glue_type(field.field_type)}" + (f" COMMENT {_quoted(field.doc)}" if field.doc else "")
        for field in metadata.schema().fields
    ]
    partitions = [
        declaration(field, str(metadata.schema().find_column_name(field.source_id))) for field in metadata.spec().fields
    ]
    listed = [f"  '{name}'={_quoted(value)}" for name, value in given.items()]
    return (
        f"CREATE TABLE {state.name.database}.{state.name.table} (",
        *_joined(columns, ")"),
        *([f"PARTITIONED BY ({', '.join(partitions)})"] if partitions else []),
        f"LOCATION '{metadata.location}'",
        "TBLPROPERTIES (",
        *_joined(listed, ""),
        ")",
    )


def description(state: State) -> Sequence[str]:
    """The lines of DESCRIBE: the columns, and how the table is partitioned."""
    schema = state.metadata.schema()
    columns = [f"{field.name}\t{glue_type(field.field_type)}\t{field.doc or ''}" for field in schema.fields]
    partitions = [
        f"{field.name}\t{field.transform}\t{schema.find_column_name(field.source_id)}"
        for field in state.metadata.spec().fields
    ]
    return (
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        *columns,
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
        *partitions,
    )


def _quoted(text: str) -> str:
    """A string literal of Hive."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _joined(lines: Sequence[str], end: str) -> list[str]:
    return [line + ("," if number < len(lines) else end) for number, line in enumerate(lines, start=1)]
