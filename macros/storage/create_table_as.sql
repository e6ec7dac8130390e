{#- Wraps dbt-athena's `create_table_as` so that whatever it creates for a node (model, seed, snapshot,
    temporary table, rows that fail a test) lands where `_s3_table_path` says, below the node's own `s3_data_dir`.
    It only changes the part of the path that dbt-athena lets a relation choose; the last part stays unique. -#}

{%- macro athena__create_table_as(temporary, relation, compiled_code, language='sql', skip_partitioning=false) -%}
    {%- set placed = relation -%}
    {%- if model and model.resource_type in ('model', 'seed', 'snapshot', 'test') -%}
        {%- do derived_tables._require_storage_config() -%}
        {%- set table = relation.s3_path_table_part or relation.identifier -%}
        {%- set placed = relation.incorporate(
            s3_path_table_part=derived_tables._s3_table_path(model, relation.schema, table)
        ) -%}
    {%- endif -%}
    {{- return(dbt.athena__create_table_as(temporary, placed, compiled_code, language, skip_partitioning)) -}}
{%- endmacro -%}
