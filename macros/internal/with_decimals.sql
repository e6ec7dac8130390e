{#- Returns the columns of a query with the digits of their decimals, where the table on Athena has decimals: dbt-athena
    tells types without parameters, and Athena rounds what it inserts into an Iceberg table without a word. -#}

{%- macro _with_decimals(columns, table_columns, sql) -%}
    {%- set names = [] -%}
    {%- for column in table_columns if 'decimal' in column.type -%}
        {%- do names.append(column.name | lower) -%}
    {%- endfor -%}
    {%- set chosen = [] -%}
    {%- for column in columns if column.name | lower in names and column.type in ('decimal', 'array', 'map', 'row') -%}
        {%- do chosen.append(column) -%}
    {%- endfor -%}
    {%- set types = {} -%}
    {%- for type in (derived_tables._hive_types(chosen, sql) if chosen else []) -%}
        {%- do types.update({chosen[loop.index0].name: derived_tables._query_type(type.replace('`', ''))}) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for column in columns -%}
        {%- do found.append(dict(column, type=types.get(column.name, column.type))) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
