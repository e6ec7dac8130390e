{#- Appends a snapshot to a Hive table on Athena, or replaces it.

    1. The table is made, without rows, if it is missing. 2. The run locks the snapshot. 3. Rows go by one CREATE TABLE
    AS into a fresh folder below the table, as a table of their own. 4. Metadata statements point the partitions of the
    date there; readers see this step only. 5. The lock goes. What the partitions pointed to before is noted in step 4
    and deleted an hour later, because queries that are running still read it. -#}

{%- macro _append_to_hive(snapshot) -%}
    {%- set relation = snapshot.relation -%}
    {%- set grace_minutes = derived_tables._grace_minutes() -%}
    {%- if not snapshot.table -%}
        {%- do run_query(create_table_as(false, relation, snapshot.query ~ '\nwhere false')) -%}
    {%- endif -%}
    {%- set table = snapshot.table or derived_tables._glue_table(relation) -%}
    {%- if 'classification' not in table.parameters -%}
        {%- do set_table_classification(relation) -%}
    {%- endif -%}

    {%- set snapshot = dict(
        snapshot,
        table=table,
        lock=derived_tables._snapshot_lock(this, snapshot.text),
        folder=table.location ~ '/dbt-snapshot-' ~ derived_tables._random_uuid()
    ) -%}
    {%- do derived_tables._take_snapshot_lock(snapshot) -%}
    {%- set rows = derived_tables._run_table(snapshot.lock, snapshot.folder) -%}
    {%- set create = derived_tables._with_location(create_table_as(false, rows, snapshot.query), snapshot.folder) -%}
    {%- set is_one_partition = snapshot.partitioned_by | length == 1 -%}
    {%- if is_one_partition -%}
        {%- call statement('main') -%}
            {{- create -}}
        {%- endcall -%}
    {%- elif not derived_tables._run_within_limit(create) -%}
        {%- do adapter.delete_from_s3(snapshot.folder) -%}
        {%- do derived_tables._create_in_batches(rows, snapshot) -%}
    {%- endif -%}

    {%- set written = derived_tables._glue_table(rows) -%}
    {%- if snapshot.added or snapshot.removed -%}
        {%- do derived_tables._check_snapshot_lock(snapshot) -%}
        {%- set kept = table.columns | rejectattr('id', 'in', snapshot.partitioned_by)
            | reject('in', snapshot.removed) | list -%}
        {%- do derived_tables._alter_columns(
            snapshot, 'replace' if snapshot.removed else 'add', (kept if snapshot.removed else []) + snapshot.added
        ) -%}
    {%- endif -%}
    {%- set new = [] -%}
    {#- A date without rows has no partition. -#}
    {%- set partitions = [derived_tables._partition(snapshot.partitioned_by, [snapshot.text])]
        if is_one_partition and load_result('main').response.rows_affected > 0
        else derived_tables._listed_partitions(rows, snapshot) -%}
    {%- for partition in partitions -%}
        {#- Hive, whose DDL Athena has, cannot add a partition without a value. -#}
        {%- for key in modules.re.findall('([^/]+)=__HIVE_DEFAULT_PARTITION__', partition.name) -%}
            {%- do derived_tables._refuse_snapshot(
                'the partition column `' ~ key ~ '`', 'without nulls', partition.name,
                'Write e.g. `coalesce(' ~ key ~ ", 'unknown')`."
            ) -%}
        {%- endfor -%}
        {%- do new.append(dict(partition, location=written.location ~ '/' ~ partition.name)) -%}
    {%- endfor -%}
    {%- do derived_tables._publish_partitions(snapshot, new) -%}
    {%- do derived_tables._check_snapshot_lock(snapshot) -%}
    {%- do adapter.delete_from_glue_catalog(rows) -%}
    {%- do derived_tables._delete_noted_folders(snapshot, grace_minutes) -%}
    {%- do adapter.delete_from_glue_catalog(snapshot.lock) -%}
{%- endmacro -%}
