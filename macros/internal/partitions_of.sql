{#- Returns the partitions of one snapshot of a Hive table as {name: folder of its files}; none where it has no files.
    Nothing is scanned unless the snapshot is there already. Then Athena tells the folders by `"$path"`, which reads no
    columns; dbt-athena cannot read what DESCRIBE prints. -#}

{%- macro _partitions_of(relation, snapshot) -%}
    {%- set found = {} -%}
    {%- for partition in derived_tables._partition_names(
        relation, snapshot.partitioned_by, snapshot.partitioned_by[0], [snapshot.literal]
    ) -%}
        {%- do found.update({partition.name: none}) -%}
    {%- endfor -%}
    {%- if found -%}
        {%- set keys = derived_tables._quoted(snapshot.partitioned_by) -%}
        {%- set files = 'select ' ~ keys | join(', ') ~ ", regexp_extract(\"$path\", '^(.*)/[^/]*$', 1) as folder from "
            ~ relation ~ ' where ' ~ keys[0] ~ ' = ' ~ snapshot.literal -%}
        {%- set files = files ~ ' limit 1' if keys | length == 1 else 'select distinct * from (' ~ files ~ ')' -%}
        {%- for row in run_query(files).rows -%}
            {%- set name = derived_tables._partition_name(snapshot.partitioned_by, row.values()[:-1]) -%}
            {%- do found.update({name: row['folder']}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro -%}
