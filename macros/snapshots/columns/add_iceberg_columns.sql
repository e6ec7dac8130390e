{#- Gives an Iceberg table the columns that `on_schema_change` adds, with the types of the query. -#}

{%- macro _add_iceberg_columns(snapshot) -%}
    {%- if snapshot.added -%}
        {%- set types = derived_tables._hive_types(snapshot.added, compiled_code) -%}
        {%- set added = [] -%}
        {%- for column in snapshot.added -%}
            {%- do added.append('`' ~ column.name ~ '` ' ~ types[loop.index0]) -%}
        {%- endfor -%}
        {%- do run_query(
            'alter table ' ~ snapshot.relation.render_hive() ~ ' add columns (' ~ added | join(', ') ~ ')'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
