{#- Returns the columns of a table as [{name, type}], in their order, with types as queries name them. -#}

{%- macro _table_columns(snapshot, relation) -%}
    {%- if target.type == 'duckdb' -%}
        {{- return(derived_tables._query_columns('select * from ' ~ relation)) -}}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do found.append({'name': column.name, 'type': derived_tables._query_type(column.dtype)}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
