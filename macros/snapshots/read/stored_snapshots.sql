{#- Returns the snapshots that a table holds, oldest first: [{day, literal}]. They are read from metadata, not from the
    data: on Athena from `"table$partitions"`. DuckDB has no such thing and reads the one column, as Athena does
    where it works partitions out itself. `table` is what `_snapshot_table` returns. -#}

{%- macro _stored_snapshots(macro_name, table) -%}
    {%- set column = adapter.quote(table.column) -%}
    {%- set value = 'partition.' ~ column if table.kind == 'iceberg' else column -%}
    {%- set relation = table.relation -%}
    {%- if table.kind != 'duckdb' and not table.is_projected -%}
        {%- set relation = derived_tables._metadata_table(relation, 'partitions') -%}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select distinct ' ~ value ~ ' as ' ~ column ~ ' from ' ~ relation ~ ' where ' ~ value ~ ' is not null'
    ).rows -%}
        {%- do found.append(derived_tables._snapshot_of_value(macro_name, table, row[0])) -%}
    {%- endfor -%}
    {{- return(found | sort(attribute='day')) -}}
{%- endmacro -%}
