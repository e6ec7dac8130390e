{#- Returns what the current environment adds to the name of a database, e.g. `_dev_dbt`; empty in production. -#}

{%- macro database_suffix(database=none) -%}
    {%- if database is not none -%}
        {%- do derived_tables._require_string('database_suffix', 'database', database) -%}
    {%- endif -%}
    {{- return(adapter.dispatch('database_suffix', 'derived_tables')(database)) -}}
{%- endmacro -%}

{%- macro default__database_suffix(database) -%}
    {%- set environment = derived_tables.environment() -%}
    {%- if environment == 'prod' -%}
        {%- set suffix = '' -%}
    {%- elif environment == 'dev' -%}
        {%- set suffix = '_dev_dbt' -%}
    {%- elif environment == 'sandbox' -%}
        {%- set suffix = '_sandbox_' ~ derived_tables._identity('sandbox', 'DERIVED_TABLES_USER', 'jane_doe') -%}
    {%- else -%}
        {%- set suffix = '_ci_' ~ derived_tables._identity('ci', 'DERIVED_TABLES_CI_ID', 'pr_123') -%}
    {%- endif -%}
    {{- return(suffix ~ ('_dbt_deploy' if derived_tables._is_deployed(database) else '')) -}}
{%- endmacro -%}
