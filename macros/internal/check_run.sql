{#- Hook before a run: says where tables land; raises when the project's wiring or a stale parse would place them elsewhere.
    dbt's partial parsing does not notice that the default target of profiles.yml changed: measured. -#}

{%- macro _check_run() -%}
    {%- if execute -%}
        {%- set nodes = [] -%}
        {%- for node in graph.nodes.values()
            if derived_tables._is_named_here(node) and node.resource_type != 'test' -%}
            {%- do nodes.append(node) -%}
        {%- endfor -%}
        {%- for node in nodes[:1] -%}
            {%- set database = derived_tables.generate_schema_name(node.config.schema, node) -%}
            {%- if node.schema != database -%}
                {%- do derived_tables._invalid(
                    'generate_schema_name', 'the database of `' ~ node.original_file_path ~ '`', '`' ~ database ~ '`',
                    node.schema,
                    'Either macros/derived_tables.sql lacks the two macros that the README shows, or names are left '
                    ~ 'over from another target: run again with `--no-partial-parse`.'
                ) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do derived_tables._check_deploy_databases(nodes) -%}
        {%- do derived_tables._check_dispatch() -%}
        {%- do log(
            'derived_tables: environment ' ~ derived_tables.environment() ~ ', databases end in '
            ~ (derived_tables.database_suffix() or 'no suffix'), info=true
        ) -%}
    {%- endif -%}
{%- endmacro -%}
