{#- Returns the names and types of a query's columns, in their order, as [{name, type}]; reads no data.
    dbt-duckdb's own macro takes structs apart. Types of Athena are without parameters, e.g. `decimal`. -#}

{%- macro _query_columns(sql) -%}
    {%- set found = [] -%}
    {%- if target.type == 'duckdb' -%}
        {%- for row in run_query('describe (\n' ~ sql ~ '\n)').rows -%}
            {%- do found.append({'name': row[0], 'type': row[1]}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for column in get_column_schema_from_query(sql) -%}
            {%- do found.append({'name': column.name, 'type': column.dtype | lower}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro -%}
