{#- Marks the folder of this run as the one that the snapshot is written to, and returns the folders of earlier runs for the
    snapshot that were interrupted. They stay noted at the mark until the last of them is cleaned up. -#}

{%- macro _take_snapshot_lock(lock, folder) -%}
    {%- set name = lock.render_hive() -%}
    {%- set found = adapter.get_glue_table(lock) -%}
    {%- set left = [] -%}
    {%- if found -%}
        {%- do log('derived_tables.snapshot_append: takes over from an interrupted run, ' ~ lock, info=true) -%}
        {%- set noted = found['Table'].get('Parameters', {}).get('interrupted', '') -%}
        {%- do left.extend(noted.split('|') | select | list) -%}
        {%- set last = found['Table']['StorageDescriptor']['Location'].rstrip('/') -%}
        {%- if last not in left -%}
            {%- do left.append(last) -%}
        {%- endif -%}
        {%- do run_query(
            'alter table ' ~ name ~ " set tblproperties ('interrupted' = '" ~ left | join('|') ~ "')"
        ) -%}
        {%- do run_query('alter table ' ~ name ~ " set location '" ~ folder ~ "/'") -%}
    {%- else -%}
        {%- do run_query(
            'create external table ' ~ name ~ " (`run` string) stored as textfile location '" ~ folder ~ "/'"
        ) -%}
    {%- endif -%}
    {{- return(left) -}}
{%- endmacro -%}
