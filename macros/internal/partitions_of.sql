{#- Returns the partitions of one snapshot of a Hive table as {name: folder of its files}; none where it has no files.
    Nothing is scanned unless the snapshot is there already. Then Athena tells the folders by `"$path"`, which reads no
    columns; dbt-athena cannot read what DESCRIBE prints. -#}

{%- macro _partitions_of(relation, snapshot) -%}
    {%- set keys = [] -%}
    {%- for key in snapshot.partitioned_by -%}
        {%- do keys.append(adapter.quote(key)) -%}
    {%- endfor -%}
    {%- set where = ' where ' ~ keys[0] ~ ' = ' ~ snapshot.literal -%}
    {%- set listed = derived_tables._metadata_table(relation, 'partitions') -%}
    {%- set found = {} -%}
    {%- for row in run_query('select ' ~ keys | join(', ') ~ ' from ' ~ listed ~ where).rows -%}
        {%- do found.update({derived_tables._partition_name(snapshot.partitioned_by, row.values()): none}) -%}
    {%- endfor -%}
    {%- if found -%}
        {%- set files = 'select ' ~ keys | join(', ') ~ ", regexp_extract(\"$path\", '^(.*)/[^/]*$', 1) as folder from "
            ~ relation ~ where -%}
        {%- set files = files ~ ' limit 1' if keys | length == 1 else 'select distinct * from (' ~ files ~ ')' -%}
        {%- for row in run_query(files).rows -%}
            {%- set name = derived_tables._partition_name(snapshot.partitioned_by, row.values()[:-1]) -%}
            {%- do found.update({name: row['folder']}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro -%}
