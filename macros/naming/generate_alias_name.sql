{#- Returns the name of a node's table. A consuming project's `generate_alias_name` calls this. -#}

{%- macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if node and node.package_name == project_name and node.resource_type in ('model', 'seed', 'snapshot') -%}
        {%- set place = derived_tables._node_place(node, node.config.schema, custom_alias_name) -%}
        {%- if place.is_good -%}
            {{- return(place.table) -}}
        {%- elif var('on_bad_name', 'error') == 'project' and project_alias_name is defined -%}
            {{- return(project_alias_name(custom_alias_name, node) | trim) -}}
        {%- elif '.' in node.name and not (custom_alias_name or node.config.schema) -%}
            {{- return(node.name.split('.', 1)[1]) -}}
        {%- endif -%}
    {%- endif -%}
    {{- return(dbt.default__generate_alias_name(custom_alias_name, node) | trim) -}}
{%- endmacro -%}
