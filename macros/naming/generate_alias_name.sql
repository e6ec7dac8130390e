{#- Returns the name of a node's table. A consuming project's `generate_alias_name` calls this. -#}

{%- macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{- return(adapter.dispatch('generate_alias_name', 'derived_tables')(custom_alias_name, node)) -}}
{%- endmacro -%}

{%- macro default__generate_alias_name(custom_alias_name, node) -%}
    {%- if node and node.package_name == project_name and node.resource_type in ('model', 'seed', 'snapshot') -%}
        {%- set parts = derived_tables._parts(node, node.config.schema, custom_alias_name) -%}
        {%- if parts.is_good -%}
            {{- return(parts.table) -}}
        {%- endif -%}
    {%- endif -%}
    {{- return(dbt.default__generate_alias_name(custom_alias_name, node)) -}}
{%- endmacro -%}
