{#- Hook for the start of a run: says where tables land, and raises if they would land elsewhere. -#}

{%- macro check_run() -%}
    {%- if execute -%}
        {%- set nodes = [] -%}
        {%- for node in graph.nodes.values()
            if node.package_name == project_name and node.resource_type in ('model', 'seed', 'snapshot') -%}
            {%- do nodes.append(node) -%}
        {%- endfor -%}
        {%- if nodes -%}
            {%- do derived_tables._check_names_are_current(nodes[0]) -%}
        {%- endif -%}
        {%- do derived_tables._check_deploy_databases(nodes) -%}
        {%- do derived_tables._check_dispatch() -%}
        {%- do log(
            'derived_tables: environment ' ~ derived_tables.environment() ~ ', databases end in '
            ~ (derived_tables.database_suffix() or 'no suffix'), info=true
        ) -%}
    {%- endif -%}
{%- endmacro -%}
