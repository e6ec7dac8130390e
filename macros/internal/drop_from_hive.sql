{#- Removes snapshots from a Hive table on Athena: each is marked as a run marks it, its folders are noted, the
    partitions go in as few statements as Athena allows. If this is interrupted, the next run of it goes on. A snapshot
    that a run takes over meanwhile stays. Returns the snapshots that were removed. -#}

{%- macro _drop_from_hive(table, snapshots) -%}
    {%- set relation = table.relation -%}
    {%- if table.is_projected -%}
        {%- do derived_tables._invalid(
            'drop_snapshots', relation | string, 'a table whose partitions are in Glue',
            'one with partition projection', 'Delete its objects in S3.'
        ) -%}
    {%- endif -%}
    {%- set root = adapter.get_glue_table_location(relation).rstrip('/') -%}
    {%- set folder = root ~ '/drop-' ~ derived_tables._random_uuid() -%}
    {%- set marked = [] -%}
    {%- for each in snapshots -%}
        {%- set snapshot = dict(each, partitioned_by=table.partitioned_by) -%}
        {%- do derived_tables._take_snapshot_lock(
            snapshot, derived_tables._snapshot_lock(relation, snapshot), folder
        ) -%}
        {%- do marked.append(snapshot) -%}
    {%- endfor -%}
    {%- set literals = snapshots | map(attribute='literal') | list -%}
    {%- set files = derived_tables._files_of_snapshots(table, literals) -%}
    {%- set partitions = derived_tables._partition_names(relation, table.partitioned_by, table.column, literals) -%}
    {%- set dropped = [] -%}
    {%- set parts = [] -%}
    {%- for snapshot in marked -%}
        {%- set lock = derived_tables._snapshot_lock(relation, snapshot) -%}
        {%- set mark = adapter.get_glue_table(lock) -%}
        {%- if mark and mark['Table']['StorageDescriptor']['Location'].rstrip('/') == folder -%}
            {%- set folders = {} -%}
            {%- for partition in files if partition.literal == snapshot.literal -%}
                {%- do folders.update({partition.name: partition.folder}) -%}
            {%- endfor -%}
            {%- for replaced in derived_tables._folders_of(folders, root) -%}
                {%- do derived_tables._note_replaced(snapshot, lock, replaced, 'replaced') -%}
            {%- endfor -%}
            {%- for partition in partitions if derived_tables._snapshot_of_value(
                'drop_snapshots', table, partition.value
            ).literal == snapshot.literal -%}
                {%- do parts.append(' partition ' ~ derived_tables._partition_spec(partition.name)) -%}
            {%- endfor -%}
            {%- do dropped.append(snapshot) -%}
        {%- else -%}
            {%- do print('keeps ' ~ snapshot.day ~ ': a run writes it') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for statement in derived_tables._statements_of(
        'alter table ' ~ relation.render_hive() ~ ' drop if exists', parts, ','
    ) -%}
        {%- do run_query(statement) -%}
    {%- endfor -%}
    {%- for snapshot in dropped -%}
        {%- do adapter.delete_from_glue_catalog(derived_tables._snapshot_lock(relation, snapshot)) -%}
    {%- endfor -%}
    {{- return(dropped) -}}
{%- endmacro -%}
