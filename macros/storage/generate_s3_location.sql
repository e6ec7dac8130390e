{#- Returns a fresh S3 location next to the tables of a node, with a unique last part; no trailing slash. -#}

{%- macro generate_s3_location(node=none, s3_data_dir=none) -%}
    {%- set placed = node or model -%}
    {%- if not placed or placed.resource_type not in ('model', 'seed', 'snapshot') -%}
        {%- do derived_tables._invalid(
            'generate_s3_location', '`node`', 'a model, a seed or a snapshot',
            placed.resource_type if placed else none, 'Call it inside a model, or pass a value of `graph.nodes`.'
        ) -%}
    {%- endif -%}
    {%- set data_dir = s3_data_dir or placed.config.s3_data_dir or target.s3_data_dir -%}
    {%- do derived_tables._require_s3_uri('generate_s3_location', data_dir) -%}
    {%- set table_path = derived_tables._s3_table_path(placed, placed.schema, placed.alias) -%}
    {{- return(data_dir.rstrip('/') ~ '/' ~ table_path ~ '/' ~ derived_tables._random_uuid()) -}}
{%- endmacro -%}
