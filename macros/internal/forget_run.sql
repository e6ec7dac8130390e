{#- Removes from Glue the tables that a run has left which was interrupted or has lost its mark. Where the work group
    dictates their location they lie outside of the run's folder; that is noted first, so that it is deleted like the
    folder. -#}

{%- macro _forget_run(snapshot, lock, folder) -%}
    {%- set rows = derived_tables._run_table(lock, folder) -%}
    {%- for suffix in ('', '_staging') -%}
        {%- set table = rows.incorporate(path={'identifier': rows.identifier ~ suffix}) -%}
        {%- set found = adapter.get_glue_table(table) -%}
        {%- if found -%}
            {%- set location = found['Table']['StorageDescriptor']['Location'].rstrip('/') -%}
            {%- if not (location ~ '/').startswith(folder ~ '/') -%}
                {%- do derived_tables._note_replaced(snapshot, lock, location, 'interrupted') -%}
            {%- endif -%}
            {%- do adapter.delete_from_glue_catalog(table) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
