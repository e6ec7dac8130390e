{#- Returns the names of the partitions that one snapshot has in a Hive table; reads metadata only. -#}

{%- macro _partition_names(relation, snapshot) -%}
    {%- set keys = [] -%}
    {%- for key in snapshot.partitioned_by -%}
        {%- do keys.append(adapter.quote(key)) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select ' ~ keys | join(', ') ~ ' from ' ~ derived_tables._metadata_table(relation, 'partitions')
        ~ ' where ' ~ keys[0] ~ ' = ' ~ snapshot.literal
    ).rows -%}
        {%- do found.append(derived_tables._partition_name(snapshot.partitioned_by, row.values())) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
