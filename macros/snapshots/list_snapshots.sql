{#- Operation: prints the snapshots that a model's table holds, and returns them. -#}

{%- macro list_snapshots(model) -%}
    {%- if not execute -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set table = derived_tables._snapshot_model('list_snapshots', model) -%}
    {%- if not table -%}
        {%- do print('`' ~ model ~ '` has no table yet.') -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set snapshots = derived_tables._snapshots('list_snapshots', table) -%}
    {%- if not snapshots -%}
        {%- do print(table.relation ~ ' holds no snapshots.') -%}
        {{- return([]) -}}
    {%- endif -%}
    {{- return(adapter.dispatch('list_snapshots', 'derived_tables')(table, snapshots)) -}}
{%- endmacro -%}

{%- macro default__list_snapshots(table, snapshots) -%}
    {%- set sizes = derived_tables._sizes_of_snapshots(table, snapshots) -%}
    {%- set found = [] -%}
    {%- set lines = [] -%}
    {%- for snapshot in snapshots -%}
        {%- set size = sizes.get(snapshot.literal, {'rows': 0, 'bytes': 0, 'files': 0}) -%}
        {%- do found.append({
            'date': snapshot.day, 'rows': size.rows, 'bytes': size.get('bytes'), 'files': size.get('files')
        }) -%}
        {%- do lines.append(
            [snapshot.day, size.rows] if table.kind == 'duckdb'
            else [snapshot.day, size.rows, size.bytes, size.files]
        ) -%}
    {%- endfor -%}
    {%- do derived_tables._print_table(['date', 'rows', 'bytes', 'files'][:lines[0] | length], lines) -%}
    {%- do print(
        table.relation ~ ': ' ~ found | length ~ (' snapshot' if found | length == 1 else ' snapshots')
        ~ (', sizes are known on Athena only' if table.kind == 'duckdb' else '')
    ) -%}
    {{- return(found) -}}
{%- endmacro -%}
