{#- Appends a snapshot to a DuckDB table, or replaces it, in one transaction: unlike `run_query`, a `statement` opens
    one, and the materialization commits it. -#}

{%- macro _append_to_duckdb(snapshot, change, relation, exists, sql) -%}
    {%- set query = derived_tables._snapshot_query(snapshot, change.columns, sql) -%}
    {%- if not exists -%}
        {%- call statement('main') -%}
            {{- create_table_as(false, relation, query) -}}
        {%- endcall -%}
    {%- else -%}
        {%- for column in change.added -%}
            {%- call statement('add_column') -%}
                alter table {{ relation }} add column {{ adapter.quote(column.name) }} {{ column.type }}
            {%- endcall -%}
        {%- endfor -%}
        {%- for column in change.removed -%}
            {%- call statement('drop_column') -%}
                alter table {{ relation }} drop column {{ adapter.quote(column.name) }}
            {%- endcall -%}
        {%- endfor -%}
        {%- call statement('delete') -%}
            delete from {{ relation }} where {{ adapter.quote(snapshot.column) }} = {{ snapshot.literal }}
        {%- endcall -%}
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
