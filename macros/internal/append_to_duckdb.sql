{#- Appends a snapshot to a DuckDB table, or replaces it; dbt has opened a transaction around it. -#}

{%- macro _append_to_duckdb(snapshot, change, relation, exists, sql) -%}
    {%- set query = derived_tables._snapshot_query(snapshot, change.columns, sql) -%}
    {%- if not exists -%}
        {%- call statement('main') -%}
            {{- create_table_as(false, relation, query) -}}
        {%- endcall -%}
    {%- else -%}
        {%- for column in change.added -%}
            {%- do run_query('alter table ' ~ relation ~ ' add column ' ~ adapter.quote(column.name) ~ ' ' ~ column.type) -%}
        {%- endfor -%}
        {%- for column in change.removed -%}
            {%- do run_query('alter table ' ~ relation ~ ' drop column ' ~ adapter.quote(column.name)) -%}
        {%- endfor -%}
        {%- do run_query(
            'delete from ' ~ relation ~ ' where ' ~ adapter.quote(snapshot.column) ~ ' = ' ~ snapshot.literal
        ) -%}
        {%- set names = [] -%}
        {%- for column in change.columns -%}
            {%- do names.append(adapter.quote(column.name)) -%}
        {%- endfor -%}
        {%- call statement('main') -%}
            insert into {{ relation }} ({{ names | join(', ') }})
            {{ query }}
        {%- endcall -%}
    {%- endif -%}
{%- endmacro -%}
