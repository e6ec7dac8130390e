{#- Returns the name of the environment this invocation works in: `prod`, `dev`, `sandbox` or `ci`. -#}

{%- macro environment() -%}
    {%- set name = var('environment', none) -%}
    {%- if name is none -%}
        {%- set by_target = target.name if target.name in ('prod', 'sandbox', 'ci') else 'dev' -%}
        {%- set name = env_var('DERIVED_TABLES_ENVIRONMENT', by_target) -%}
    {%- endif -%}
    {%- if name not in ('dev', 'sandbox', 'ci') -%}
        {%- do derived_tables._require_production(name) -%}
    {%- endif -%}
    {{- return(name) -}}
{%- endmacro -%}
