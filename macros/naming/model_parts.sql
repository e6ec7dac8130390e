{#- Returns {domain, database, table} of a model, seed or snapshot; the database without the environment's suffix. -#}

{%- macro model_parts(node) -%}
    {%- if not node or node.resource_type not in ('model', 'seed', 'snapshot') -%}
        {%- do derived_tables._invalid(
            'model_parts', '`node`', 'a model, a seed or a snapshot', node.resource_type if node else none,
            'Pass `model` inside a model, or a value of `graph.nodes`.'
        ) -%}
    {%- endif -%}
    {{- return(adapter.dispatch('model_parts', 'derived_tables')(node)) -}}
{%- endmacro -%}

{%- macro default__model_parts(node) -%}
    {%- set parts = derived_tables._parts(node, node.config.schema, node.config.alias) -%}
    {%- if parts.is_good -%}
        {{- return({'domain': parts.domain, 'database': parts.database, 'table': parts.table}) -}}
    {%- endif -%}
    {%- set problems = derived_tables._name_problems(node, node.config.schema, node.config.alias) -%}
    {%- do derived_tables._report_bad_name(node, problems) -%}
    {%- set letters = node.schema | length - derived_tables.database_suffix() | length -%}
    {{- return({
        'domain': parts.domain or node.package_name, 'database': node.schema[:letters], 'table': node.alias
    }) -}}
{%- endmacro -%}
