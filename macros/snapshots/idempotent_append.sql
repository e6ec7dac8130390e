{#- Pre-hook for models with dbt's own `incremental` and `append`: renders a DELETE of the rows that this run is about
    to append again; nothing where the table is made anew. -#}

{%- macro idempotent_append(column=none) -%}
    {%- if not execute or flags.EMPTY or model.config.materialized != 'incremental' -%}
        {{- return('') -}}
    {%- endif -%}
    {%- if column is not none -%}
        {%- do derived_tables._require_column_name('idempotent_append', 'column', column) -%}
    {%- endif -%}
    {{- return(adapter.dispatch('idempotent_append', 'derived_tables')(column)) -}}
{%- endmacro -%}

{%- macro default__idempotent_append(column) -%}
    {%- set is_iceberg = target.type == 'athena' and config.get('table_type', 'hive') == 'iceberg' -%}
    {%- if target.type != 'duckdb' and not is_iceberg -%}
        {%- do derived_tables._invalid(
            'idempotent_append', '`table_type` of `' ~ model.name ~ '`',
            '`iceberg` on Athena: a Hive table cannot delete rows', config.get('table_type', 'hive'),
            'Set `incremental_strategy: insert_overwrite`, or better `materialized: snapshot_append`.'
        ) -%}
    {%- endif -%}
    {%- if not is_incremental() -%}
        {{- return('') -}}
    {%- endif -%}
    {%- set table = derived_tables._snapshot_table('idempotent_append', this, column) -%}
    {%- set format = config.get('snapshot_format') -%}
    {%- set text = derived_tables._formatted_day(
        'idempotent_append', derived_tables._snapshot_day('idempotent_append', none), format or '%Y-%m-%d'
    ) -%}
    {%- set literal = "date '" ~ text ~ "'" -%}
    {%- if format -%}
        {%- set types = [] -%}
        {%- for each in adapter.get_columns_in_relation(this) if each.name | lower == table.column -%}
            {%- do types.append(each.dtype | lower) -%}
        {%- endfor -%}
        {%- set literal = text if 'int' in types | join else "'" ~ text ~ "'" -%}
    {%- endif -%}
    {{- return('delete from ' ~ this ~ ' where ' ~ adapter.quote(table.column) ~ ' = ' ~ literal) -}}
{%- endmacro -%}
