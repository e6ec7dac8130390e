{#- Operation: packs the files of snapshots into few, one partition after the other; readers notice nothing. -#}

{%- macro compact_snapshots(model, dates=none, dry_run=true) -%}
    {%- do derived_tables._require_boolean('compact_snapshots', 'dry_run', dry_run) -%}
    {%- set days = derived_tables._days_of('compact_snapshots', 'dates', dates) if dates is not none -%}
    {%- if not execute -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set table = derived_tables._snapshot_model('compact_snapshots', model) -%}
    {%- if not table -%}
        {%- do print('`' ~ model ~ '` has no table yet.') -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set snapshots = derived_tables._snapshots('compact_snapshots', table) -%}
    {%- for day in days or [] if day not in snapshots | map(attribute='day') -%}
        {%- do print('no snapshot of ' ~ day) -%}
    {%- endfor -%}
    {%- if days -%}
        {%- set snapshots = snapshots | selectattr('day', 'in', days) | list -%}
    {%- endif -%}
    {{- return(adapter.dispatch('compact_snapshots', 'derived_tables')(table, snapshots, dry_run)) -}}
{%- endmacro -%}

{%- macro default__compact_snapshots(table, snapshots, dry_run) -%}
    {%- do print(table.relation ~ ': nothing to compact, a DuckDB database is one file') -%}
    {{- return([]) -}}
{%- endmacro -%}

{%- macro athena__compact_snapshots(table, snapshots, dry_run) -%}
    {%- set compact = derived_tables._compact_iceberg if table.kind == 'iceberg' else derived_tables._compact_hive -%}
    {%- set packed = compact(table, snapshots, dry_run) -%}
    {%- do print(
        table.relation ~ ': ' ~ ('would pack ' if dry_run else 'packed ') ~ packed | length
        ~ (' partition' if packed | length == 1 else ' partitions')
        ~ ('\nThis was a dry run; to pack them, add `dry_run: false`.' if dry_run and packed else '')
    ) -%}
    {{- return(packed) -}}
{%- endmacro -%}
