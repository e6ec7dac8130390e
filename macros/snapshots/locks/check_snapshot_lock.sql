{#- Raises if another run has taken over the snapshot that this one writes; what this one wrote is noted for
    deletion. -#}

{%- macro _check_snapshot_lock(snapshot) -%}
    {%- set found = derived_tables._glue_table(snapshot.lock) -%}
    {%- if not found or found.location != snapshot.folder -%}
        {%- do derived_tables._note_folder(snapshot, snapshot.folder, 'interrupted') -%}
        {%- do derived_tables._forget_run(snapshot, snapshot.folder) -%}
        {%- do exceptions.raise_compiler_error(
            'derived_tables.snapshot_append: another run writes the same snapshot of ' ~ this
            ~ ' and has taken over; this one has stopped, and its rows are not published.\n'
            ~ 'Let only one run at a time write a snapshot; run this one again if the other one fails.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
