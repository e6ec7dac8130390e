{#- Raises when another run has taken over the snapshot that this one writes; what this one wrote is noted
    for deletion. -#}

{%- macro _check_snapshot_lock(snapshot, lock, folder) -%}
    {%- set found = adapter.get_glue_table(lock) -%}
    {%- if not found or found['Table']['StorageDescriptor']['Location'].rstrip('/') != folder -%}
        {%- do derived_tables._note_replaced(snapshot, lock, folder, 'interrupted') -%}
        {%- do derived_tables._forget_run(snapshot, lock, folder) -%}
        {%- do exceptions.raise_compiler_error(
            'derived_tables.snapshot_append: another run writes the same snapshot of ' ~ lock.schema ~ '.'
            ~ lock.identifier.rsplit('__dbt_snapshot_', 1)[0] ~ ' and has taken over; this one stops, '
            ~ 'its rows are not published.\n'
            ~ 'Let one run at a time write a snapshot; run this one again if the other one fails.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
