{#- Returns how much each snapshot of a table holds, as {literal: {rows, bytes, files}}; of DuckDB the rows only. -#}

{%- macro _sizes_of_snapshots(table, snapshots) -%}
    {%- set found = {} -%}
    {%- if table.kind == 'hive' -%}
        {%- for each in derived_tables._files_of_snapshots(table, snapshots | map(attribute='literal') | list) -%}
            {%- set sum = found.get(each.literal, {'rows': 0, 'bytes': 0, 'files': 0}) -%}
            {%- do found.update({each.literal: {
                'rows': sum.rows + each.rows, 'bytes': sum.bytes + each.bytes, 'files': sum.files + each.files
            }}) -%}
        {%- endfor -%}
        {{- return(found) -}}
    {%- endif -%}
    {%- set column = adapter.quote(table.column) -%}
    {%- for row in run_query(
        'select ' ~ column ~ ', count(*) from ' ~ table.relation ~ ' where ' ~ column ~ ' is not null'
        ~ ' group by ' ~ column
    ).rows -%}
        {%- set snapshot = derived_tables._snapshot_of_value('list_snapshots', table, row[0]) -%}
        {%- do found.update({snapshot.literal: {'rows': row[1] | int, 'bytes': 0, 'files': 0}}) -%}
    {%- endfor -%}
    {%- if table.kind == 'iceberg' -%}
        {%- set listed = derived_tables._metadata_table(table.relation, 'partitions') -%}
        {%- for row in run_query(
            'select partition.' ~ column ~ ', sum(total_size), sum(file_count) from ' ~ listed
            ~ ' where partition.' ~ column ~ ' is not null group by partition.' ~ column
        ).rows -%}
            {%- set snapshot = derived_tables._snapshot_of_value('list_snapshots', table, row[0]) -%}
            {%- set rows = found.get(snapshot.literal, {'rows': 0}).rows -%}
            {%- do found.update({snapshot.literal: {'rows': rows, 'bytes': row[1] | int, 'files': row[2] | int}}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro -%}
