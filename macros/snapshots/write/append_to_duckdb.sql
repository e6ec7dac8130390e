{#- Appends a snapshot to a DuckDB table, or replaces it, in one transaction: unlike `run_query`, a `statement` opens
    one, and the materialization commits it. -#}

{%- macro _append_to_duckdb(snapshot) -%}
    {%- set relation = snapshot.relation -%}
    {%- if snapshot.existing and not snapshot.table -%}
        {#- Not `drop_relation`, which is no part of the transaction: if the query fails, what was there stays. -#}
        {%- call statement('drop') -%}
            drop {{ snapshot.existing.type }} if exists {{ snapshot.existing }}
        {%- endcall -%}
    {%- endif -%}
    {%- if flags.EMPTY -%}
        {%- do derived_tables._append_nothing(snapshot) -%}
    {%- elif not snapshot.table -%}
        {%- call statement('main') -%}
            {{- create_table_as(false, relation, snapshot.query) -}}
        {%- endcall -%}
    {%- else -%}
        {%- for column in snapshot.added -%}
            {%- call statement('add_column') -%}
                alter table {{ relation }} add column {{ adapter.quote(column.name) }} {{ column.type }}
            {%- endcall -%}
        {%- endfor -%}
        {%- for column in snapshot.removed -%}
            {%- call statement('drop_column') -%}
                alter table {{ relation }} drop column {{ adapter.quote(column.name) }}
            {%- endcall -%}
        {%- endfor -%}
        {%- call statement('delete') -%}
            delete from {{ relation }} where {{ adapter.quote(snapshot.column) }} = {{ snapshot.literal }}
        {%- endcall -%}
        {%- call statement('main') -%}
            insert into {{ relation }} by name
            {{ snapshot.query }}
        {%- endcall -%}
    {%- endif -%}
{%- endmacro -%}
