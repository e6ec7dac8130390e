{#- Rule: returns the project's incremental models that a second run on the same day would double. -#}

{%- macro convention_incremental_appends() -%}
    {{- return(adapter.dispatch('convention_incremental_appends', 'derived_tables')()) -}}
{%- endmacro -%}

{%- macro default__convention_incremental_appends() -%}
    {%- set offending = [] -%}
    {%- for node in (graph.nodes.values() | sort(attribute='original_file_path') if execute else [])
        if node.resource_type == 'model' and node.package_name == project_name
        and node.config.materialized == 'incremental' -%}
        {%- set found = derived_tables._append_problem(node.config) -%}
        {%- if found -%}
            {%- do offending.append({
                'model': node.name, 'path': node.original_file_path, 'problem': found.problem, 'remedy': found.remedy
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(offending) -}}
{%- endmacro -%}
