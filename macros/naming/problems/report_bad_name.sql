{#- Raises for a badly named node, or warns, as var `on_bad_name` says. `schema` is the configured one. -#}

{%- macro _report_bad_name(node, schema) -%}
    {%- set on_bad_name = var('on_bad_name', 'error') -%}
    {%- do derived_tables._require_one_of(
        'generate_schema_name', 'var `on_bad_name`', ['error', 'warn'], on_bad_name, 'The default is `error`.'
    ) -%}
    {%- set path = derived_tables._expected_path(node) -%}
    {%- set text -%}
derived_tables.generate_schema_name: `{{ node.original_file_path }}` must be `{{ path }}`, got a name that cannot {# -#}
be placed:
  - {{ derived_tables._name_problems(node, schema, node.config.alias) | join('\n  - ') }}
Rename it, or set `schema` and `alias` in dbt_project.yml or with config(). {# -#}
To list every bad name of the project at once:
  derived-tables conventions check --rule names
    {%- endset -%}

    {%- if on_bad_name == 'error' -%}
        {%- do exceptions.raise_compiler_error(text) -%}
    {%- elif not execute and node.relation_name is none -%}
        {#- dbt names a node again after reading its YAML; it then has a relation_name and was reported before. -#}
        {%- do exceptions.warn(text) -%}
    {%- endif -%}
{%- endmacro -%}
