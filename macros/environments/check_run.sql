{#- Hook for the start of a run: says where tables land, and raises if they would land elsewhere or replace what they
    must not. dbt has made missing databases by then, and nothing else. -#}

{%- macro check_run() -%}
    {%- if dbt_version.startswith('2.') -%}
        {#- There, errors in names pass without a word, and `require-dbt-version` stops nothing: tried on an alpha. -#}
        {%- do derived_tables._invalid(
            'check_run', 'dbt', 'older than 2.0, with which this package is not tested', dbt_version,
            'Install dbt 1.10.5 to 1.12.'
        ) -%}
    {%- endif -%}
    {%- if execute -%}
        {%- do derived_tables._check_variables() -%}
        {%- do derived_tables._check_dispatch() -%}
        {%- set kinds = ('model', 'seed', 'snapshot') -%}
        {%- set nodes = graph.nodes.values() | selectattr('resource_type', 'in', kinds) | list -%}
        {%- do derived_tables._check_names_are_current(nodes) -%}
        {%- do derived_tables._check_deploy_databases(nodes) -%}
        {%- do derived_tables._check_nodes() -%}
        {%- do derived_tables._tell_bad_names(nodes) -%}
        {%- do log(
            'derived_tables: environment ' ~ derived_tables.environment() ~ ', databases end in '
            ~ (derived_tables.database_suffix() or 'no suffix'), info=true
        ) -%}
    {%- endif -%}
{%- endmacro -%}
