{#- Removes from Glue the tables of a run that was interrupted or has lost its lock. Where the work group dictates their
    location they lie outside of the run's folder; that is noted first, so that it is deleted like the folder. -#}

{%- macro _forget_run(snapshot, folder) -%}
    {%- set rows = derived_tables._run_table(snapshot.lock, folder) -%}
    {%- for suffix in ('', '_staging') -%}
        {%- set table = derived_tables._glue_table(
            rows.incorporate(path={'identifier': rows.identifier ~ suffix})
        ) -%}
        {%- if table -%}
            {%- if not (table.location ~ '/').startswith(folder ~ '/') -%}
                {%- do derived_tables._note_folder(snapshot, table.location, 'interrupted') -%}
            {%- endif -%}
            {%- do adapter.delete_from_glue_catalog(table.relation) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
