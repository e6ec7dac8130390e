{#- Gives a table that has been built the name of the one that it replaces, see `_replacement`; then the data of that
    one go, if they lie in a folder that this package has named. -#}

{%- macro _take_place(new, snapshot) -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set old = derived_tables._glue_table(relation) -%}
    {%- if snapshot.kind == 'iceberg' -%}
        {%- do adapter.delete_from_glue_catalog(relation) -%}
        {%- do rename_relation(new, relation) -%}
    {%- else -%}
        {%- if old.kind != 'hive' -%}
            {#- Athena cannot rename a Hive table: it is put into one that is there. -#}
            {%- do adapter.delete_from_glue_catalog(relation) -%}
            {%- do run_query(create_table_as(false, relation, snapshot.query ~ '\nwhere false')) -%}
        {%- endif -%}
        {%- do adapter.swap_table(new, relation) -%}
        {%- do adapter.delete_from_glue_catalog(new) -%}
    {%- endif -%}
    {%- if modules.re.search('/table_name=[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', old.location) -%}
        {%- do adapter.delete_from_s3(old.location) -%}
    {%- elif old.location -%}
        {%- do log('derived_tables.snapshot_append: the files in ' ~ old.location ~ ' stay', info=true) -%}
    {%- endif -%}
    {{- return(relation) -}}
{%- endmacro -%}
