{#- Returns the partitions of some snapshots of a Hive table with what lies in them: [{name, literal, where, folder,
    rows, bytes, files}], by name. Athena tells by hidden columns, which reads no column of the data. A partition
    without rows is left out. -#}

{%- macro _files_of_snapshots(table, literals) -%}
    {%- set keys = derived_tables._quoted(table.partitioned_by) -%}
    {%- set listed = keys | join(', ') -%}
    {%- set query -%}
select {{ listed }}, folder, sum(row_count) as row_count, sum(size) as size, count(*) as file_count
from (
    select
        {{ listed }}, regexp_extract("$path", '^(.*)/[^/]*$', 1) as folder,
        count(*) as row_count, max("$file_size") as size
    from {{ table.relation }}
    where {{ adapter.quote(table.column) }} in ({{ literals | join(', ') }})
    group by {{ listed }}, "$path"
) as files
group by {{ listed }}, folder
    {%- endset -%}
    {%- set found = [] -%}
    {%- if literals -%}
        {%- for row in run_query(query).rows -%}
            {%- set values = row.values()[:-4] -%}
            {%- set snapshot = derived_tables._snapshot_of_value(
                'list_snapshots', table, values[table.partitioned_by.index(table.column)]
            ) -%}
            {%- do found.append({
                'name': derived_tables._partition_name(table.partitioned_by, values),
                'literal': snapshot.literal,
                'where': derived_tables._partition_condition(keys, values),
                'folder': row['folder'],
                'rows': row['row_count'] | int,
                'bytes': row['size'] | int,
                'files': row['file_count'] | int
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found | sort(attribute='name')) -}}
{%- endmacro -%}
