{#- Returns whether a table has rows, or, on Athena, partitions or files: from the list of its
    partitions if it has any. -#}

{%- macro _has_rows(table) -%}
    {%- set relation = table.relation -%}
    {%- if table.kind == 'iceberg' or table.partitioned_by -%}
        {%- set relation = derived_tables._metadata_table(relation, 'partitions') -%}
    {%- endif -%}
    {{- return(run_query('select 1 from ' ~ relation ~ ' limit 1').rows | length > 0) -}}
{%- endmacro -%}
