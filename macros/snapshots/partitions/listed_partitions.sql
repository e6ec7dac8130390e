{#- Returns the partitions that one snapshot of a Hive table has, see `_partition`; reads metadata only. -#}

{%- macro _listed_partitions(relation, snapshot) -%}
    {%- set keys = snapshot.partitioned_by -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select "' ~ keys | join('", "') ~ '" from ' ~ derived_tables._metadata_table(relation, 'partitions')
        ~ ' where "' ~ keys[0] ~ '" = ' ~ snapshot.literal
    ).rows -%}
        {%- do found.append(derived_tables._partition(keys, row.values())) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
