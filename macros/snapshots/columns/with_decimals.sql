{#- Returns the columns of a query on Athena with the digits of their decimals, where the table has decimals: dbt-athena
    gives types without parameters, and Athena rounds what it inserts into an Iceberg table without a word. -#}

{%- macro _with_decimals(columns, table_columns, sql) -%}
    {%- set names = [] -%}
    {%- for column in table_columns if 'decimal' in column.type -%}
        {%- do names.append(column.id) -%}
    {%- endfor -%}
    {%- set chosen = columns | selectattr('id', 'in', names)
        | selectattr('type', 'in', ('decimal', 'array', 'map', 'row')) | list -%}
    {%- if not chosen -%}
        {{- return(columns) -}}
    {%- endif -%}
    {%- set types = {} -%}
    {%- for type in derived_tables._hive_types(chosen, sql) -%}
        {%- do types.update({chosen[loop.index0].id: derived_tables._query_type(type.replace('`', ''))}) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for column in columns -%}
        {%- do found.append(dict(column, type=types.get(column.id, column.type))) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
