{#- Returns the columns of a query, in their order, as [{name, id, type, is_null}]; reads no data. `id` is the name in
    lower case; `is_null` says that the column is nothing but `null`. Types of Athena are in lower case and without
    parameters, e.g. `decimal`; those of DuckDB are complete and in upper case. -#}

{%- macro _query_columns(sql) -%}
    {{- return(adapter.dispatch('query_columns', 'derived_tables')(sql)) -}}
{%- endmacro -%}

{%- macro default__query_columns(sql) -%}
    {%- do derived_tables._unsupported_adapter('query_columns') -%}
{%- endmacro -%}

{%- macro athena__query_columns(sql) -%}
    {%- set found = [] -%}
    {%- for column in get_column_schema_from_query(sql) -%}
        {%- set type = column.dtype | lower -%}
        {%- do found.append(
            {'name': column.name, 'id': column.name | lower, 'type': type, 'is_null': type == 'unknown'}
        ) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}

{#- dbt-duckdb's own macro takes structs apart, and DESCRIBE calls a null an integer. -#}
{%- macro duckdb__query_columns(sql) -%}
    {%- set result = run_query(
        "select typeof(any_value(columns('(.*)'))) as '\\1' from (\n" ~ sql ~ '\n) as query_of_the_model where false'
    ) -%}
    {%- set found = [] -%}
    {%- for name in result.column_names -%}
        {%- set type = result.rows[0][loop.index0] -%}
        {%- do found.append({
            'name': name, 'id': name | lower,
            'type': type.replace('"NULL"', 'INTEGER'), 'is_null': type == '"NULL"'
        }) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
