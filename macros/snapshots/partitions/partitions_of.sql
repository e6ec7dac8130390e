{#- Returns the partitions of one snapshot of a Hive table, see `_partition`, with {location}: the folder of their
    files, none where there are no files. Nothing is scanned unless the snapshot is there already. Then Athena tells
    the folders by `"$path"`, which reads no columns; dbt-athena cannot read what DESCRIBE prints. -#}

{%- macro _partitions_of(snapshot) -%}
    {%- set partitions = derived_tables._listed_partitions(snapshot.relation, snapshot) -%}
    {%- set locations = {} -%}
    {%- if partitions -%}
        {%- set keys = snapshot.partitioned_by -%}
        {%- set files = 'select "' ~ keys | join('", "')
            ~ "\", regexp_extract(\"$path\", '^(.*)/[^/]*$', 1) as folder from " ~ snapshot.relation
            ~ ' where "' ~ keys[0] ~ '" = ' ~ snapshot.literal -%}
        {%- set files = files ~ ' limit 1' if keys | length == 1 else 'select distinct * from (' ~ files ~ ')' -%}
        {%- for row in run_query(files).rows -%}
            {%- do locations.update({derived_tables._partition(keys, row.values()[:-1]).name: row['folder']}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for partition in partitions -%}
        {%- do found.append(dict(partition, location=locations.get(partition.name))) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
