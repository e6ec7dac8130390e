{#- Returns the name of the environment this invocation works in: `prod`, `dev`, `sandbox` or `ci`. -#}

{%- macro environment() -%}
    {{- return(adapter.dispatch('environment', 'derived_tables')()) -}}
{%- endmacro -%}

{%- macro default__environment() -%}
    {%- set names = ['prod', 'dev', 'sandbox', 'ci'] -%}
    {%- set from_var = var('environment', none) -%}
    {%- set from_env = env_var('DERIVED_TABLES_ENVIRONMENT', '(unset)') -%}
    {%- if from_var is not none -%}
        {%- set name, setting = from_var, 'var `environment`' -%}
    {%- elif from_env != '(unset)' -%}
        {%- set name, setting = from_env, 'environment variable `DERIVED_TABLES_ENVIRONMENT`' -%}
    {%- elif target.name in names -%}
        {%- set name, setting = target.name, 'the name of the target' -%}
    {%- else -%}
        {%- set name, setting = 'dev', 'the default' -%}
    {%- endif -%}

    {%- if name not in names -%}
        {%- do derived_tables._invalid(
            'environment', setting, 'one of ' ~ names | join(', '), name,
            'Correct that setting or remove it: without one, the environment is `dev`.'
        ) -%}
    {%- endif -%}
    {%- if name == 'prod' -%}
        {%- do derived_tables._require_prod_target(setting) -%}
    {%- endif -%}

    {{- return(name) -}}
{%- endmacro -%}
