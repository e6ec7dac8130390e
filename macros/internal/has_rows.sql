{#- Returns whether a table has rows, or, on Athena, partitions or files: without reading them where there are
    partitions. -#}

{%- macro _has_rows(relation) -%}
    {%- if target.type == 'athena' -%}
        {%- set table = adapter.get_glue_table(relation)['Table'] -%}
        {%- set is_iceberg = table.get('Parameters', {}).get('table_type', '') | upper == 'ICEBERG' -%}
        {%- if is_iceberg or table.get('PartitionKeys') -%}
            {%- set relation = derived_tables._metadata_table(relation, 'partitions') -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(run_query('select 1 from ' ~ relation ~ ' limit 1').rows | length > 0) -}}
{%- endmacro -%}
