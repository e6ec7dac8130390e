{#- Locks the snapshot for this run. The folder of a run that has not ended is noted for deletion first: it was
    interrupted, or stops when it finds that it has lost its lock.
    The statement that makes the lock does nothing where there is one; what Glue holds then says whose it is. -#}

{%- macro _take_snapshot_lock(snapshot) -%}
    {%- set lock = snapshot.lock.render_hive() -%}
    {%- do run_query(
        'create external table if not exists ' ~ lock ~ " (`run` string) stored as textfile location '"
        ~ snapshot.folder ~ "/'"
    ) -%}
    {%- set found = derived_tables._glue_table(snapshot.lock) -%}
    {%- if not found or found.location != snapshot.folder -%}
        {%- do log('derived_tables.snapshot_append: takes over from an interrupted run, ' ~ lock, info=true) -%}
        {%- if found -%}
            {%- do derived_tables._note_folder(snapshot, found.location, 'interrupted') -%}
            {%- do run_query('alter table ' ~ lock ~ " set location '" ~ snapshot.folder ~ "/'") -%}
        {%- endif -%}
        {%- do derived_tables._check_snapshot_lock(snapshot) -%}
    {%- endif -%}
{%- endmacro -%}
