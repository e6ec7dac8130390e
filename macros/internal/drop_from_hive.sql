{#- Removes snapshots from a Hive table on Athena: each is marked as a run marks it, its folders are noted, the
    partitions go in as few statements as Athena allows. If this is interrupted, the next run of it goes on. -#}

{%- macro _drop_from_hive(table, snapshots) -%}
    {%- set relation = table.relation -%}
    {%- set root = adapter.get_glue_table_location(relation).rstrip('/') -%}
    {%- set folder = root ~ '/drop-' ~ derived_tables._random_uuid() -%}
    {%- set literals = snapshots | map(attribute='literal') | list -%}
    {%- set files = derived_tables._files_of_snapshots(table, literals) -%}
    {%- set locks = [] -%}
    {%- for each in snapshots -%}
        {%- set snapshot = dict(each, partitioned_by=table.partitioned_by) -%}
        {%- set lock = derived_tables._snapshot_lock(relation, snapshot) -%}
        {%- do derived_tables._take_snapshot_lock(snapshot, lock, folder) -%}
        {%- do locks.append(lock) -%}
        {%- set folders = {} -%}
        {%- for partition in files if partition.literal == snapshot.literal -%}
            {%- do folders.update({partition.name: partition.folder}) -%}
        {%- endfor -%}
        {%- for replaced in derived_tables._folders_of(folders, root) -%}
            {%- do derived_tables._note_replaced(snapshot, lock, replaced, 'replaced') -%}
        {%- endfor -%}
    {%- endfor -%}

    {%- set keys = [] -%}
    {%- for key in table.partitioned_by -%}
        {%- do keys.append(adapter.quote(key)) -%}
    {%- endfor -%}
    {%- set listed = derived_tables._metadata_table(relation, 'partitions') -%}
    {%- set parts = [] -%}
    {%- for row in run_query(
        'select ' ~ keys | join(', ') ~ ' from ' ~ listed ~ ' where ' ~ adapter.quote(table.column) ~ ' in ('
        ~ literals | join(', ') ~ ')'
    ).rows -%}
        {%- do parts.append(' partition ' ~ derived_tables._partition_spec(
            derived_tables._partition_name(table.partitioned_by, row.values())
        )) -%}
    {%- endfor -%}
    {%- for statement in derived_tables._statements_of(
        'alter table ' ~ relation.render_hive() ~ ' drop if exists', parts, ','
    ) -%}
        {%- do run_query(statement) -%}
    {%- endfor -%}
    {%- for lock in locks -%}
        {%- do adapter.delete_from_glue_catalog(lock) -%}
    {%- endfor -%}
{%- endmacro -%}
