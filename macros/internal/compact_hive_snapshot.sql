{#- Packs the partitions of one snapshot of a Hive table: all of them, because they may share a folder. Rows go by a
    CREATE TABLE AS for each partition into a fresh folder; then the partitions are pointed there as a run of the model
    does. -#}

{%- macro _compact_hive_snapshot(table, snapshot, lock) -%}
    {%- set snapshot = dict(snapshot, partitioned_by=table.partitioned_by) -%}
    {%- set relation = table.relation -%}
    {%- set root = adapter.get_glue_table_location(relation).rstrip('/') -%}
    {%- set folder = root ~ '/compact-' ~ derived_tables._random_uuid() -%}
    {%- do derived_tables._take_snapshot_lock(snapshot, lock, folder) -%}
    {%- set rows = derived_tables._run_table(lock, folder) -%}
    {%- set old = {} -%}
    {%- set new = {} -%}
    {%- set packed = [] -%}
    {%- set remedy = 'Another tool writes it: nothing was changed, run this again.' -%}
    {%- set files = derived_tables._files_of_snapshots(table, [snapshot.literal]) -%}
    {%- for each in files -%}
        {%- do run_query(derived_tables._compacting_query(table, each, rows, folder ~ '/' ~ each.name)) -%}
        {%- set count = run_query('select count(*) from ' ~ rows).rows[0][0] | int -%}
        {%- if count != each.rows -%}
            {%- do exceptions.raise_compiler_error(
                'derived_tables.compact_snapshots: ' ~ each.name ~ ' of ' ~ relation ~ ' had ' ~ each.rows
                ~ ' rows, but ' ~ count ~ ' were written. ' ~ remedy
            ) -%}
        {%- endif -%}
        {%- do old.update({each.name: each.folder}) -%}
        {%- do new.update({each.name: adapter.get_glue_table_location(rows).rstrip('/')}) -%}
        {%- do adapter.delete_from_glue_catalog(rows) -%}
        {%- do packed.append(
            {'name': each.name, 'files': each.files, 'files_after': derived_tables._files_needed(each)}
        ) -%}
    {%- endfor -%}
    {%- if derived_tables._files_of_snapshots(table, [snapshot.literal]) != files -%}
        {%- do exceptions.raise_compiler_error(
            'derived_tables.compact_snapshots: the files of ' ~ snapshot.day ~ ' of ' ~ relation
            ~ ' have changed. ' ~ remedy
        ) -%}
    {%- endif -%}
    {%- for replaced in derived_tables._folders_of(old, root) -%}
        {%- do derived_tables._note_replaced(snapshot, lock, replaced, 'replaced') -%}
    {%- endfor -%}
    {%- do derived_tables._publish_partitions(snapshot, relation, old, new, lock, folder) -%}
    {%- do derived_tables._check_snapshot_lock(snapshot, lock, folder) -%}
    {%- do adapter.delete_from_glue_catalog(lock) -%}
    {%- for each in packed -%}
        {%- do print(
            each.name ~ ': ' ~ each.files ~ (' file' if each.files == 1 else ' files') ~ ', now ' ~ each.files_after
        ) -%}
    {%- endfor -%}
    {{- return(packed) -}}
{%- endmacro -%}
