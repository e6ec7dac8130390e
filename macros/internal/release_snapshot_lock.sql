{#- Ends a run that wrote a snapshot: deletes what interrupted runs for the same snapshot left behind, then the mark.
    `left` are their folders. One in which the table itself lies stays: its partitions were replaced one by one. -#}

{%- macro _release_snapshot_lock(lock, folder, left, relation) -%}
    {%- set table_location = adapter.get_glue_table_location(relation) if left else none -%}
    {%- for each in left if each != folder -%}
        {%- set rows = derived_tables._run_table(lock, each) -%}
        {%- for suffix in ('', '_staging') -%}
            {%- do adapter.delete_from_glue_catalog(
                rows.incorporate(path={'identifier': rows.identifier ~ suffix})
            ) -%}
        {%- endfor -%}
        {%- if not table_location.startswith(each) -%}
            {%- do adapter.delete_from_s3(each) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do adapter.delete_from_glue_catalog(lock) -%}
{%- endmacro -%}
