{#- Raises for a badly named node, unless var `on_bad_name` lets it pass: `warn` names it as dbt would, `project` as the
    project's own macros do; `check_run` then says how many there are. `schema` is the configured one. -#}

{%- macro _report_bad_name(node, schema) -%}
    {%- set on_bad_name = var('on_bad_name', 'error') -%}
    {%- do derived_tables._require_one_of(
        'generate_schema_name', 'var `on_bad_name`', ['error', 'warn', 'project'], on_bad_name,
        'The default is `error`.'
    ) -%}
    {%- if on_bad_name == 'project' and project_schema_name is not defined and project_alias_name is not defined -%}
        {%- do derived_tables._invalid(
            'generate_schema_name', 'var `on_bad_name`', '`project` only in a project with a macro '
            ~ '`project_schema_name` or `project_alias_name`', on_bad_name,
            'Give these names to the macros that named your tables before, `generate_schema_name` and '
            ~ '`generate_alias_name`.'
        ) -%}
    {%- elif on_bad_name == 'error' -%}
        {%- set path = derived_tables._expected_path(node) -%}
        {%- do exceptions.raise_compiler_error(
            'derived_tables.generate_schema_name: `' ~ node.original_file_path ~ '` must '
            ~ ('have a `schema` and an `alias` that can be placed' if node.original_file_path == path
                else 'be `' ~ path ~ '`, got a name that cannot be placed') ~ ':\n  - '
            ~ derived_tables._name_problems(node, schema, node.config.alias) | join('\n  - ')
            ~ ('\nCorrect them' if node.original_file_path == path else '\nRename it, or set `schema` and `alias`')
            ~ ' in dbt_project.yml or with config().\nTo list every bad name of the project at once:\n'
            ~ '  derived-tables conventions check --rule names'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
