{#- Returns whether this package names `node`: what the consuming project itself owns and stores as a relation. -#}

{%- macro _is_named_here(node) -%}
    {{- return(
        node and node.package_name == project_name and node.resource_type in ('model', 'seed', 'snapshot', 'test')
    ) -}}
{%- endmacro -%}
