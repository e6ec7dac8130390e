{#- Returns {domain, database, table} of a model, seed or snapshot; the database without the environment's suffix. -#}

{%- macro model_parts(node) -%}
    {%- if not node or node.resource_type not in ('model', 'seed', 'snapshot') -%}
        {%- do derived_tables._invalid(
            'model_parts', '`node`', 'a model, a seed or a snapshot', node.resource_type if node else none,
            'Pass `model` inside a model, or a value of `graph.nodes`.'
        ) -%}
    {%- endif -%}
    {%- set place = derived_tables._node_place(node, node.config.schema, node.config.alias) -%}
    {%- if place.is_good -%}
        {{- return({'domain': place.domain, 'database': place.database, 'table': place.table}) -}}
    {%- endif -%}
    {%- do derived_tables._report_bad_name(node, node.config.schema) -%}
    {%- set letters = node.schema | length - derived_tables.database_suffix() | length -%}
    {{- return({
        'domain': place.domain or node.package_name, 'database': node.schema[:letters], 'table': node.alias
    }) -}}
{%- endmacro -%}
