{#- Operation: lists every node of the project whose name cannot be placed, with what is wrong and the name to give. -#}

{%- macro check_names(fail=false) -%}
    {%- if fail is not boolean -%}
        {%- do derived_tables._invalid(
            'check_names', '`fail`', 'true or false', fail, "Write `--args 'fail: true'`."
        ) -%}
    {%- endif -%}
    {{- return(adapter.dispatch('check_names', 'derived_tables')(fail)) -}}
{%- endmacro -%}

{%- macro default__check_names(fail) -%}
    {%- if not execute -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set checked = [] -%}
    {%- set bad = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='original_file_path')
        if node.package_name == project_name and node.resource_type in ('model', 'seed', 'snapshot') -%}
        {%- do checked.append(node.name) -%}
        {%- set problems = derived_tables._name_problems(node, node.config.schema, node.config.alias) -%}
        {%- if problems -%}
            {%- set expected = derived_tables._expected_path(node) -%}
            {%- do bad.append({'file': node.original_file_path, 'expected': expected, 'problems': problems}) -%}
            {%- do print(
                node.original_file_path ~ '\n    should be ' ~ expected ~ '\n    - ' ~ problems | join('\n    - ')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set verdict = bad | length ~ ' of ' ~ checked | length ~ ' names must change.' -%}
    {%- if bad and fail -%}
        {%- do exceptions.raise_compiler_error('derived_tables.check_names: ' ~ verdict) -%}
    {%- endif -%}
    {%- do print(verdict if bad else 'All ' ~ checked | length ~ ' names are good.') -%}
    {{- return(bad) -}}
{%- endmacro -%}
