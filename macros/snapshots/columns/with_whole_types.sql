{#- Returns the columns of a query on Athena with their whole types, `type` as queries name them and `glue_type` as DDL
    does; scans nothing. dbt-athena gives types without parameters, but Athena rounds decimals that it inserts into an
    Iceberg table without a word; and dbt-athena's own DDL names some types as Hive does not. -#}

{%- macro _with_whole_types(columns, sql) -%}
    {%- set selected = [] -%}
    {%- for column in columns -%}
        {%- do selected.append('typeof(arbitrary(' ~ adapter.quote(column.name) ~ '))') -%}
    {%- endfor -%}
    {%- set types = run_query(
        'select ' ~ selected | join(', ') ~ '\nfrom (\n' ~ sql ~ '\n) as query_of_the_model\nwhere false'
    ).rows[0] -%}
    {%- set found = [] -%}
    {%- for column in columns -%}
        {%- set type = derived_tables._hive_type(types[loop.index0]) -%}
        {%- do found.append(dict(column, type=derived_tables._query_type(type.replace('`', '')), glue_type=type)) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
