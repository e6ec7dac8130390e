{#- Runs a model with `--empty`: makes the table if it is missing, without a snapshot; one that is there stays as it is,
    because a snapshot without rows would take the place of the real one. -#}

{%- macro _append_nothing(snapshot, change, relation, exists, sql) -%}
    {%- set query = derived_tables._snapshot_query(snapshot, change.columns, sql) ~ '\nwhere false' -%}
    {%- call statement('main') -%}
        {{- query if exists else create_table_as(false, relation, query) -}}
    {%- endcall -%}
    {%- if target.type == 'athena' and snapshot.table_type == 'hive' and not exists -%}
        {%- do set_table_classification(relation) -%}
    {%- endif -%}
{%- endmacro -%}
