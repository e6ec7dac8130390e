{#- Raises if a parsed node has another database than it would get now: the shims are missing, or dbt kept the names of
    another target. Partial parsing does not notice that the default target of profiles.yml has changed. -#}

{%- macro _check_names_are_current(node) -%}
    {%- set database = derived_tables.generate_schema_name(node.config.schema, node) -%}
    {%- if node.schema != database -%}
        {%- do derived_tables._invalid(
            'check_run', 'the database of `' ~ node.original_file_path ~ '`', '`' ~ database ~ '`', node.schema,
            'Either macros/derived_tables.sql lacks the two macros that the README shows, or dbt kept the names of '
            ~ 'another target: run again with `--no-partial-parse`.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
