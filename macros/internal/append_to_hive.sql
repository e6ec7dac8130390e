{#- Appends a snapshot to a Hive table on Athena, or replaces it.

    1. The table is made, without rows, if it is missing. 2. The run marks the snapshot as its own. 3. Rows go by one
    CREATE TABLE AS into a fresh folder below the table, as a table of their own. 4. Metadata statements point the
    partitions of the date there; readers see this step only. 5. The mark goes. What the partitions pointed to before is
    noted in step 4 and deleted an hour later, because queries that are running still read it.
    `entry` is the entry of the table in Glue; none if it has to be made. -#}

{%- macro _append_to_hive(snapshot, change, relation, entry, sql) -%}
    {%- set query = derived_tables._snapshot_query(snapshot, change.columns, sql) -%}
    {%- set grace_minutes = derived_tables._grace_minutes() -%}
    {%- if not entry -%}
        {%- do run_query(create_table_as(false, relation, query ~ '\nwhere false')) -%}
    {%- endif -%}
    {%- set entry = entry or adapter.get_glue_table(relation)['Table'] -%}
    {%- if 'classification' not in entry.get('Parameters', {}) -%}
        {%- do set_table_classification(relation) -%}
    {%- endif -%}

    {%- set root = entry['StorageDescriptor']['Location'].rstrip('/') -%}
    {%- set folder = root ~ '/' ~ derived_tables._random_uuid() -%}
    {%- set lock = derived_tables._snapshot_lock(relation, snapshot) -%}
    {%- do derived_tables._take_snapshot_lock(snapshot, lock, folder) -%}
    {%- set rows = derived_tables._run_table(lock, folder) -%}
    {%- set create = derived_tables._at_location(create_table_as(false, rows, query), folder) -%}
    {%- if snapshot.partitioned_by | length == 1 -%}
        {%- call statement('main') -%}
            {{- create -}}
        {%- endcall -%}
    {%- else -%}
        {%- set result = adapter.run_query_with_partitions_limit_catching(create) -%}
        {%- if result == 'TOO_MANY_OPEN_PARTITIONS' -%}
            {%- do adapter.delete_from_s3(folder) -%}
            {%- do derived_tables._create_in_batches(rows, folder, query) -%}
            {%- set result = '{}' -%}
        {%- endif -%}
        {%- set told = fromjson(result, {}) -%}
        {%- do store_raw_result(
            name='main', message='OK ' ~ told.get('rowcount', ''), code='OK', rows_affected=told.get('rowcount', -1)
        ) -%}
    {%- endif -%}

    {%- set written = adapter.get_glue_table(rows)['Table'] -%}
    {%- if change.added or change.removed -%}
        {%- do derived_tables._check_snapshot_lock(snapshot, lock, folder) -%}
    {%- endif -%}
    {%- do derived_tables._change_hive_columns(snapshot, change, relation, entry, written) -%}
    {%- set location = written['StorageDescriptor']['Location'].rstrip('/') -%}
    {%- set new = {} -%}
    {%- if snapshot.partitioned_by | length == 1 -%}
        {%- set names = [derived_tables._partition_name(snapshot.partitioned_by, [snapshot.text])] -%}
    {%- else -%}
        {%- set names = derived_tables._partition_names(
            rows, snapshot.partitioned_by, snapshot.column, [snapshot.literal]
        ) | map(attribute='name') -%}
    {%- endif -%}
    {%- for name in names -%}
        {%- do derived_tables._check_partition_name(name) -%}
        {%- do new.update({name: location ~ '/' ~ name}) -%}
    {%- endfor -%}
    {%- set old = derived_tables._partitions_of(relation, snapshot) -%}
    {%- for replaced in derived_tables._folders_of(old, root) -%}
        {%- do derived_tables._note_replaced(snapshot, lock, replaced, 'replaced') -%}
    {%- endfor -%}
    {%- do derived_tables._publish_partitions(snapshot, relation, old, new, lock, folder) -%}
    {%- do derived_tables._check_snapshot_lock(snapshot, lock, folder) -%}
    {%- do adapter.delete_from_glue_catalog(rows) -%}
    {%- do derived_tables._delete_replaced(snapshot, relation, lock, grace_minutes) -%}
    {%- do adapter.delete_from_glue_catalog(lock) -%}
{%- endmacro -%}
