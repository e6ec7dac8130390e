{#- Marks the folder of this run as the one that the snapshot is written to. The folder of a run that has not ended is
    noted for deletion first: it was interrupted, or stops when it finds that it has lost its mark.
    The statement that makes the mark does nothing where there is one; what Glue holds then says whose it is. -#}

{%- macro _take_snapshot_lock(snapshot, lock, folder) -%}
    {%- do run_query(
        'create external table if not exists ' ~ lock.render_hive()
        ~ " (`run` string) stored as textfile location '" ~ folder ~ "/'"
    ) -%}
    {%- set found = adapter.get_glue_table(lock) -%}
    {%- set marked = found['Table']['StorageDescriptor']['Location'].rstrip('/') if found else none -%}
    {%- if marked != folder -%}
        {%- do log('derived_tables.snapshot_append: takes over from an interrupted run, ' ~ lock, info=true) -%}
        {%- if found -%}
            {%- do derived_tables._note_replaced(snapshot, lock, marked, 'interrupted') -%}
            {%- do run_query('alter table ' ~ lock.render_hive() ~ " set location '" ~ folder ~ "/'") -%}
        {%- endif -%}
        {%- do derived_tables._check_snapshot_lock(snapshot, lock, folder) -%}
    {%- endif -%}
{%- endmacro -%}
