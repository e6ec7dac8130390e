{#- Operation: removes snapshots from a model's table, metadata first and then data; never the newest one. -#}

{%- macro drop_snapshots(model, before=none, keep_last=none, dates=none, dry_run=true) -%}
    {%- do derived_tables._require_boolean('drop_snapshots', 'dry_run', dry_run) -%}
    {%- set given = [] -%}
    {%- for name, value in [('before', before), ('keep_last', keep_last), ('dates', dates)] if value is not none -%}
        {%- do given.append(name) -%}
    {%- endfor -%}
    {%- if given | length != 1 -%}
        {%- do derived_tables._invalid(
            'drop_snapshots', 'one argument', '`before`, `keep_last` or `dates`', given | join(', ') or 'none of them',
            "Write e.g. `--args '{model: " ~ model ~ ", keep_last: 30}'`."
        ) -%}
    {%- endif -%}
    {%- if keep_last is not none and (keep_last is boolean or keep_last is not integer or keep_last < 1) -%}
        {%- do derived_tables._invalid(
            'drop_snapshots', '`keep_last`', 'a whole number of at least 1', keep_last,
            'The newest snapshot always stays.'
        ) -%}
    {%- endif -%}
    {%- set before = derived_tables._days_of('drop_snapshots', 'before', before) | first if before is not none -%}
    {%- set dates = derived_tables._days_of('drop_snapshots', 'dates', dates) if dates is not none -%}
    {%- if not execute -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set table = derived_tables._snapshot_model('drop_snapshots', model) -%}
    {%- if not table -%}
        {%- do print('`' ~ model ~ '` has no table yet.') -%}
        {{- return([]) -}}
    {%- endif -%}
    {{- return(adapter.dispatch('drop_snapshots', 'derived_tables')(table, before, keep_last, dates, dry_run)) -}}
{%- endmacro -%}

{%- macro default__drop_snapshots(table, before, keep_last, dates, dry_run) -%}
    {%- set snapshots = derived_tables._snapshots('drop_snapshots', table) -%}
    {%- if table.kind == 'iceberg' -%}
        {%- set sizes = derived_tables._sizes_of_snapshots(table, snapshots) -%}
        {%- set full = [] -%}
        {%- for snapshot in snapshots if sizes[snapshot.literal].rows -%}
            {%- do full.append(snapshot) -%}
        {%- endfor -%}
        {%- set snapshots = full -%}
    {%- endif -%}
    {%- set days = snapshots | map(attribute='day') | list -%}
    {%- set last = days | last -%}
    {%- set chosen = days[:-keep_last] if keep_last else dates or days -%}
    {%- set dropped = [] -%}
    {%- for snapshot in snapshots if snapshot.day in chosen and not (before and snapshot.day >= before) -%}
        {%- if snapshot.day == last -%}
            {%- do print('keeps ' ~ last ~ ': the newest snapshot is never dropped') -%}
        {%- else -%}
            {%- do dropped.append(snapshot) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for day in dates or [] if day not in days -%}
        {%- do print('no snapshot of ' ~ day) -%}
    {%- endfor -%}
    {%- if not dropped -%}
        {%- do print(table.relation ~ ': nothing to drop, ' ~ snapshots | length ~ ' kept') -%}
    {%- elif dry_run -%}
        {%- do print(
            table.relation ~ ': would drop ' ~ dropped | length ~ ' of ' ~ snapshots | length ~ ' snapshots: '
            ~ dropped | map(attribute='day') | join(', ')
            ~ '\nThis was a dry run; to drop them, add `dry_run: false`.'
        ) -%}
    {%- else -%}
        {%- if table.kind == 'hive' -%}
            {%- set dropped = derived_tables._drop_from_hive(table, dropped) -%}
        {%- else -%}
            {%- set statement_text = 'delete from ' ~ table.relation ~ ' where ' ~ adapter.quote(table.column) ~ ' in ('
                ~ dropped | map(attribute='literal') | join(', ') ~ ')' -%}
            {%- do run_query(statement_text) -%}
            {%- if table.kind == 'duckdb' -%}
                {%- do adapter.commit() -%}
            {%- endif -%}
        {%- endif -%}
        {%- do print(
            table.relation ~ ': dropped ' ~ dropped | length ~ ' of ' ~ snapshots | length ~ ' snapshots: '
            ~ dropped | map(attribute='day') | join(', ')
        ) -%}
        {%- if table.kind == 'iceberg' -%}
            {%- do print('Their files stay until `vacuum_iceberg` deletes them.') -%}
        {%- elif table.kind == 'hive' and table.is_own and derived_tables._grace_minutes() -%}
            {%- do print(
                'Queries may still read their files: the next run or operation after '
                ~ derived_tables._grace_minutes() ~ ' minutes deletes them.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if table.kind == 'hive' and not dry_run -%}
        {%- set kept = snapshots | rejectattr('day', 'in', dropped | map(attribute='day') | list) | list -%}
        {%- do derived_tables._delete_dropped(table, kept) -%}
    {%- endif -%}
    {{- return(dropped | map(attribute='day') | list) -}}
{%- endmacro -%}
