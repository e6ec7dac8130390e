{#- Raises for configs with which dbt would place a node past this package, and mix environments. -#}

{%- macro _refuse_unplaceable(node) -%}
    {%- if node.resource_type == 'snapshot' and node.config.target_schema -%}
        {%- do derived_tables._invalid(
            'generate_schema_name', '`target_schema` of `' ~ node.original_file_path ~ '`',
            'left out, because dbt would write there in every environment', node.config.target_schema,
            'Remove it, or set `schema` instead, which gets the suffix of the environment.'
        ) -%}
    {%- elif node.resource_type == 'seed' and node.config.seed_by_insert -%}
        {%- do derived_tables._invalid(
            'generate_schema_name', '`seed_by_insert` of `' ~ node.original_file_path ~ '`',
            'left out, because dbt-athena would choose the S3 location itself', node.config.seed_by_insert,
            'Remove it: seeds are uploaded and land beside the models.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
