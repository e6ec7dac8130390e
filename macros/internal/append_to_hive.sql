{#- Appends a snapshot to a Hive table on Athena, or replaces it, and returns the result of the CREATE TABLE AS.

    1. The table is made if it is missing. 2. Rows go by one CREATE TABLE AS into a fresh folder below the table, as a
    table of their own. 3. Metadata statements point the partitions of the date there. 4. What they pointed to before is
    deleted, and so is what an interrupted run for this date left behind. Readers see step 3 only. -#}

{%- macro _append_to_hive(snapshot, change, relation, exists, sql) -%}
    {%- set query = derived_tables._snapshot_query(snapshot, change.columns, sql) -%}
    {%- set lock = derived_tables._snapshot_lock(relation, snapshot) -%}
    {%- set has_one_key = snapshot.partitioned_by | length == 1 -%}

    {%- if not exists -%}
        {%- set create = create_table_as(false, relation, query if has_one_key else query ~ '\nwhere false') -%}
        {%- set location = derived_tables._location_in(create) -%}
        {%- set left = derived_tables._take_snapshot_lock(lock, location or derived_tables.generate_s3_location()) -%}
        {%- call statement('main') -%}
            {{- create -}}
        {%- endcall -%}
        {%- do set_table_classification(relation) -%}
        {%- set location = adapter.get_glue_table_location(relation).rstrip('/') -%}
        {%- if has_one_key -%}
            {%- set name = derived_tables._partition_name(snapshot.partitioned_by, [snapshot.text]) -%}
            {%- do run_query(
                'alter table ' ~ relation.render_hive() ~ ' add if not exists partition '
                ~ derived_tables._partition_spec(name) ~ " location '" ~ location ~ '/' ~ name ~ "/'"
            ) -%}
            {%- do derived_tables._release_snapshot_lock(lock, location, left, relation) -%}
            {{- return(none) -}}
        {%- endif -%}
        {%- do derived_tables._release_snapshot_lock(lock, location, left, relation) -%}
    {%- endif -%}

    {%- set folder = adapter.get_glue_table_location(relation).rstrip('/') ~ '/' ~ derived_tables._random_uuid() -%}
    {%- set left = derived_tables._take_snapshot_lock(lock, folder) -%}
    {%- set rows = derived_tables._run_table(lock, folder) -%}
    {%- set create = derived_tables._at_location(create_table_as(false, rows, query), folder) -%}
    {%- if has_one_key -%}
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

    {%- do derived_tables._change_hive_columns(snapshot, change, relation, rows) -%}
    {%- set location = adapter.get_glue_table_location(rows).rstrip('/') -%}
    {%- set new = {} -%}
    {%- if has_one_key -%}
        {%- set name = derived_tables._partition_name(snapshot.partitioned_by, [snapshot.text]) -%}
        {%- do new.update({name: location ~ '/' ~ name}) -%}
    {%- else -%}
        {%- for row in run_query('show partitions ' ~ rows.render_hive()).rows -%}
            {%- do new.update({row[0]: location ~ '/' ~ row[0]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set old = derived_tables._partitions_of(relation, snapshot) -%}
    {%- do derived_tables._publish_partitions(relation, old, new, lock, folder) -%}
    {%- do derived_tables._check_snapshot_lock(lock, folder) -%}
    {%- do adapter.delete_from_glue_catalog(rows) -%}
    {%- for replaced in old.values() if replaced and not replaced.startswith(location) -%}
        {%- do adapter.delete_from_s3(replaced) -%}
    {%- endfor -%}
    {%- do derived_tables._release_snapshot_lock(lock, folder, left, relation) -%}
{%- endmacro -%}
