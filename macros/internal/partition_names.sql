{#- Returns the partitions of some snapshots of a Hive table as [{name, value}], the value being that of the snapshot
    column; reads metadata only. -#}

{%- macro _partition_names(relation, partitioned_by, column, literals) -%}
    {%- set found = [] -%}
    {%- for row in run_query(
        'select ' ~ derived_tables._quoted(partitioned_by) | join(', ') ~ ' from '
        ~ derived_tables._metadata_table(relation, 'partitions')
        ~ ' where ' ~ adapter.quote(column) ~ ' in (' ~ literals | join(', ') ~ ')'
    ).rows -%}
        {%- do found.append({
            'name': derived_tables._partition_name(partitioned_by, row.values()),
            'value': row.values()[partitioned_by.index(column)]
        }) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
