{#- Returns the columns of a table as [{name, type}], in their order, with types as queries name them. `entry` is its
    entry in Glue, on Athena; that of an Iceberg table also lists columns it had once, which dbt-athena leaves out. -#}

{%- macro _table_columns(snapshot, relation, entry) -%}
    {%- if target.type == 'duckdb' -%}
        {{- return(derived_tables._query_columns('select * from ' ~ relation)) -}}
    {%- endif -%}
    {%- set found = [] -%}
    {%- if snapshot.table_type == 'iceberg' -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do found.append({'name': column.name, 'type': derived_tables._query_type(column.dtype)}) -%}
        {%- endfor -%}
    {%- else -%}
        {%- for column in entry['StorageDescriptor']['Columns'] + entry['PartitionKeys'] -%}
            {%- do found.append({'name': column['Name'], 'type': derived_tables._query_type(column['Type'])}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro -%}
