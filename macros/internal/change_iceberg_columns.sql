{#- Gives an Iceberg table the columns that `on_schema_change` asks for, with the types of the query. -#}

{%- macro _change_iceberg_columns(change, relation, sql) -%}
    {%- if change.added -%}
        {%- set types = derived_tables._hive_types(change.added, sql) -%}
        {%- set added = [] -%}
        {%- for column in change.added -%}
            {%- do added.append('`' ~ column.name ~ '` ' ~ types[loop.index0]) -%}
        {%- endfor -%}
        {%- do run_query('alter table ' ~ relation.render_hive() ~ ' add columns (' ~ added | join(', ') ~ ')') -%}
    {%- endif -%}
    {%- if change.removed -%}
        {%- set removed = [] -%}
        {%- for column in change.removed -%}
            {%- do removed.append(api.Column(column.name, column.type)) -%}
        {%- endfor -%}
        {%- do alter_relation_drop_columns(relation, removed) -%}
    {%- endif -%}
{%- endmacro -%}
