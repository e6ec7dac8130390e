{#- Returns the table that lists the partitions of a Hive table on Athena, if `column` is one of their columns: reading
    it scans nothing. None for everything else: a subquery, or a table whose partitions Athena works out itself. -#}

{%- macro _partitions_table(tested, column) -%}
    {%- set table = derived_tables._tested_table(tested) -%}
    {%- if execute and table and table | string == tested | string -%}
        {%- set stored = derived_tables._stored_table(table) -%}
        {%- if stored and stored.kind == 'hive' and not stored.is_projected
            and column | lower in stored.partitioned_by -%}
            {{- return(derived_tables._metadata_table(table, 'partitions')) -}}
        {%- endif -%}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro -%}
