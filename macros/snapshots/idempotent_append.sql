{#- Pre-hook for models with dbt's own `incremental` and `append`: renders a DELETE of the rows that this run is about
    to append again; nothing where the table is made anew. -#}

{%- macro idempotent_append(column=none) -%}
    {%- if not execute or flags.EMPTY or model.config.materialized != 'incremental' -%}
        {{- return('') -}}
    {%- endif -%}
    {%- if column is not none -%}
        {%- do derived_tables._require_column_name('idempotent_append', '`column`', column) -%}
    {%- endif -%}
    {{- return(adapter.dispatch('idempotent_append', 'derived_tables')(column)) -}}
{%- endmacro -%}

{%- macro default__idempotent_append(column) -%}
    {%- do derived_tables._unsupported_adapter('idempotent_append') -%}
{%- endmacro -%}

{%- macro athena__idempotent_append(column) -%}
    {%- set table_type = config.get('table_type', 'hive') -%}
    {%- if table_type != 'iceberg' -%}
        {%- do derived_tables._invalid(
            'idempotent_append', '`table_type` of `' ~ model.name ~ '`',
            '`iceberg` on Athena, where Hive tables cannot delete rows', table_type,
            'Set `incremental_strategy: insert_overwrite`, or better `materialized: snapshot_append`.'
        ) -%}
    {%- endif -%}
    {{- return(derived_tables._delete_of_snapshot(column)) -}}
{%- endmacro -%}

{%- macro duckdb__idempotent_append(column) -%}
    {{- return(derived_tables._delete_of_snapshot(column)) -}}
{%- endmacro -%}
