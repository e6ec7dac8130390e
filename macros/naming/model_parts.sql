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
    {{- return({
        'domain': place.domain or node.package_name,
        'database': derived_tables._unplaced_database(node.config.schema, node),
        'table': node.alias
    }) -}}
{%- endmacro -%}
