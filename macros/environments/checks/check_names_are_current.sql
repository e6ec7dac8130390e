{#- Raises if a parsed node has another database or table than it would get now: a shim is missing, the project or a
    package has such a macro of its own, or dbt kept the names of another target. Partial parsing does not notice that
    the default target of profiles.yml has changed. -#}

{%- macro _check_names_are_current(nodes) -%}
    {%- for node in nodes -%}
        {%- for part, macro_name, given in (
            ('schema', 'generate_schema_name', node.config.schema), ('alias', 'generate_alias_name', node.config.alias)
        ) -%}
            {%- set expected = derived_tables[macro_name](given, node) -%}
            {%- if node[part] != expected -%}
                {%- set owner = (context.get(node.package_name) or {}).get(macro_name) -%}
                {%- if node.package_name != project_name and owner -%}
                    {%- set remedy = 'The package has a `' ~ macro_name ~ '` of its own, which dbt takes for its '
                        ~ 'nodes: they would land in the same database in every environment. Disable them, or fork '
                        ~ 'the package without the macro.' -%}
                {%- elif not (context.get(project_name) or {}).get(macro_name) -%}
                    {%- set remedy = 'macros/derived_tables.sql lacks the macro `' ~ macro_name
                        ~ '` that the README shows.' -%}
                {%- else -%}
                    {%- set remedy = 'Either the macro `' ~ macro_name ~ '` of this project does not return what '
                        ~ '`derived_tables.' ~ macro_name ~ '` does (docs/adopting.md: keep yours as `'
                        ~ macro_name | replace('generate', 'project') ~ '`), or dbt kept the names of another target: '
                        ~ 'run again with `--no-partial-parse`.' -%}
                {%- endif -%}
                {%- do derived_tables._invalid(
                    'check_run', 'the ' ~ ('database' if part == 'schema' else 'table name') ~ ' of `'
                    ~ node.original_file_path ~ '`', '`' ~ expected ~ '`', node[part], remedy
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro -%}
