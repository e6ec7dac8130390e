{#- Returns what is known of a table or view without reading it, as `_glue_table` does; none if there is no such table.
    A table on DuckDB is of the kind `duckdb`, and has no location and no partition columns. -#}

{%- macro _stored_table(relation) -%}
    {{- return(adapter.dispatch('stored_table', 'derived_tables')(relation)) -}}
{%- endmacro -%}

{%- macro default__stored_table(relation) -%}
    {%- do derived_tables._unsupported_adapter('stored_table') -%}
{%- endmacro -%}

{%- macro athena__stored_table(relation) -%}
    {{- return(derived_tables._glue_table(relation)) -}}
{%- endmacro -%}

{%- macro duckdb__stored_table(relation) -%}
    {%- set existing = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
    {%- if not existing -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return({
        'relation': existing,
        'kind': 'view' if existing.is_view else 'duckdb',
        'partitioned_by': [],
        'columns': derived_tables._query_columns('select * from ' ~ existing)
    }) -}}
{%- endmacro -%}
