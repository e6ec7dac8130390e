{#- Wraps dbt-athena's `create_table_as` so that whatever it creates for a node (model, seed, snapshot, temporary table,
    rows that fail a test) lands where `_s3_table_path` says, below the node's own `s3_data_dir`. It only changes the
    part of the path that dbt-athena lets a relation choose; the last part stays unique. -#}

{%- macro athena__create_table_as(temporary, relation, compiled_code, language='sql', skip_partitioning=false) -%}
    {%- set placed = relation -%}
    {%- if model and model.resource_type in ('model', 'seed', 'snapshot', 'test') -%}
        {%- do derived_tables._require_storage_config('generate_s3_location', config) -%}
        {%- set table = relation.s3_path_table_part or relation.identifier -%}
        {%- set path = derived_tables._s3_table_path(model, relation.schema, table) -%}
        {%- if table == this.identifier and load_relation(this) -%}
            {%- set path = derived_tables._beside_live_table(path) -%}
        {%- endif -%}
        {%- set placed = relation.incorporate(s3_path_table_part=path) -%}
    {%- endif -%}
    {{- return(dbt.athena__create_table_as(temporary, placed, compiled_code, language, skip_partitioning)) -}}
{%- endmacro -%}
