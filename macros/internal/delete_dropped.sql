{#- Deletes the data of a Hive table that no query can read any more: of snapshots that were dropped or replaced long
    enough ago; at once where something else than `snapshot_append` writes, because it would write beside them. The
    marks of an interrupted `drop_snapshots` go first, where its snapshots are gone. -#}

{%- macro _delete_dropped(table, snapshots) -%}
    {%- set present = [] -%}
    {%- for snapshot in snapshots -%}
        {%- do present.append(derived_tables._snapshot_lock(table.relation, snapshot).identifier) -%}
    {%- endfor -%}
    {%- for lock in derived_tables._snapshot_marks(table.relation) if lock.identifier not in present -%}
        {%- set mark = adapter.get_glue_table(lock) -%}
        {%- if mark and '/drop-' in mark['Table']['StorageDescriptor']['Location'] -%}
            {%- do adapter.delete_from_glue_catalog(lock) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for snapshot in snapshots[-1:] -%}
        {%- do derived_tables._delete_replaced(
            dict(snapshot, partitioned_by=table.partitioned_by), table.relation, table.relation,
            derived_tables._grace_minutes() if table.is_own else 0
        ) -%}
    {%- endfor -%}
{%- endmacro -%}
