{#- Returns the types of some columns of a query on Athena as DDL names them, with all their parameters; scans
    nothing. -#}

{%- macro _hive_types(columns, sql) -%}
    {%- set selected = [] -%}
    {%- for column in columns -%}
        {%- do selected.append('typeof(arbitrary(' ~ adapter.quote(column.name) ~ '))') -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for type in run_query(
        'select ' ~ selected | join(', ') ~ '\nfrom (\n' ~ sql ~ '\n) as query_of_the_model\nwhere false'
    ).rows[0].values() -%}
        {%- do found.append(derived_tables._hive_type(type)) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
