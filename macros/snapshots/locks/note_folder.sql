{#- Notes a folder that holds no snapshot, or soon will hold none: a Glue table over it, named after the folder, the
    time in UTC and the snapshot. `_delete_noted_folders` deletes both when no query can read the folder any more.
    `reason`: `replaced`, or `interrupted` if the run that wrote it has not ended: a statement of it may be under
    way. -#}

{%- macro _note_folder(snapshot, folder, reason) -%}
    {%- set table, text = snapshot.lock.identifier.rsplit('__dbt_snapshot_', 1) -%}
    {%- set now = modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y%m%d%H%M') -%}
    {%- set note = snapshot.lock.incorporate(path={
        'identifier': [table ~ '__dbt_' ~ reason, local_md5(folder)[:12], now, text] | join('_')
    }) -%}
    {%- do run_query(
        'create external table if not exists ' ~ note.render_hive() ~ " (`run` string) stored as textfile location '"
        ~ folder.replace("'", "\\'") ~ "/' tblproperties ('snapshot' = '" ~ snapshot.text ~ "')"
    ) -%}
{%- endmacro -%}
