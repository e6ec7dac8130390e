{#- Returns what the current environment adds to the name of a database, e.g. `_dev_dbt`; nothing in production. -#}

{%- macro database_suffix(database=none) -%}
    {%- if database is not none and (database is not string or not database | trim) -%}
        {%- do derived_tables._invalid(
            'database_suffix', '`database`', 'the name of a database', database, "Pass a quoted text, e.g. `'orders'`."
        ) -%}
    {%- endif -%}
    {%- set environment = derived_tables.environment() -%}
    {%- if environment == 'prod' -%}
        {%- set suffix = '' -%}
    {%- elif environment == 'dev' -%}
        {%- set suffix = '_dev_dbt' -%}
    {%- else -%}
        {%- set suffix = '_' ~ environment ~ '_' ~ derived_tables._identity(environment) -%}
    {%- endif -%}
    {%- if var('deploy', false) is not false -%}
        {%- set suffix = suffix ~ derived_tables._deploy_suffix(database) -%}
    {%- endif -%}
    {{- return(suffix) -}}
{%- endmacro -%}
