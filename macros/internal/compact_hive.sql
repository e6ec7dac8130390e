{#- Packs the files of those snapshots of a Hive table on Athena that have too many. Returns
    [{name, files, files_after}].

    The mark of the snapshot is the one that runs of the model use, so that what a run writes meanwhile is not lost. A
    snapshot that is marked by a run is left alone; one that an interrupted compaction has marked is packed again. -#}

{%- macro _compact_hive(table, snapshots, dry_run) -%}
    {%- if not table.is_own -%}
        {%- do derived_tables._invalid(
            'compact_snapshots', table.relation | string, 'the table of a model with `materialized: snapshot_append`',
            table.node.config.materialized if table.node else none,
            'What else writes it would write beside the files that were packed, which stay for running queries.'
        ) -%}
    {%- endif -%}
    {%- set storage = adapter.get_glue_table(table.relation)['Table']['StorageDescriptor'] -%}
    {%- if storage.get('NumberOfBuckets', 0) > 0 -%}
        {%- do derived_tables._invalid(
            'compact_snapshots', table.relation | string, 'a table without buckets',
            'bucketed by ' ~ storage.get('BucketColumns', []) | join(', '),
            'Its files are one for each bucket: run the model again for dates that have more.'
        ) -%}
    {%- endif -%}
    {%- set partitions = derived_tables._files_of_snapshots(table, snapshots | map(attribute='literal') | list) -%}
    {%- set packed = [] -%}
    {%- for snapshot in snapshots -%}
        {%- set lock = derived_tables._snapshot_lock(table.relation, snapshot) -%}
        {%- set mark = adapter.get_glue_table(lock) -%}
        {%- set is_own = mark and '/compact-' in mark['Table']['StorageDescriptor']['Location'] -%}
        {%- set own = partitions | selectattr('literal', 'equalto', snapshot.literal) | list -%}
        {%- set crowded = [] -%}
        {%- for each in own if each.files > derived_tables._files_needed(each) -%}
            {%- do crowded.append(each) -%}
        {%- endfor -%}
        {%- if mark and not is_own -%}
            {%- do print(
                'skips ' ~ snapshot.day ~ ': a run writes it, or was interrupted; run the model for it, then compact'
            ) -%}
        {%- elif dry_run and (crowded or is_own) -%}
            {%- for each in own -%}
                {%- set needed = derived_tables._files_needed(each) -%}
                {%- do print(
                    each.name ~ ': ' ~ each.files ~ (' file' if each.files == 1 else ' files') ~ ', would be ' ~ needed
                ) -%}
                {%- do packed.append({'name': each.name, 'files': each.files, 'files_after': needed}) -%}
            {%- endfor -%}
        {%- elif crowded or is_own -%}
            {%- do packed.extend(derived_tables._compact_hive_snapshot(table, snapshot, lock)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not dry_run -%}
        {%- do derived_tables._delete_dropped(table, derived_tables._snapshots('compact_snapshots', table)) -%}
    {%- endif -%}
    {{- return(packed) -}}
{%- endmacro -%}
