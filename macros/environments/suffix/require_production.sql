{#- Raises unless `name` is the environment `prod` and this target may write to production. -#}

{%- macro _require_production(name) -%}
    {%- if var('environment', none) is not none -%}
        {%- set setting = 'var `environment`' -%}
    {%- elif env_var('DERIVED_TABLES_ENVIRONMENT', '(unset)') != '(unset)' -%}
        {%- set setting = 'environment variable `DERIVED_TABLES_ENVIRONMENT`' -%}
    {%- else -%}
        {%- set setting = 'the name of the target' -%}
    {%- endif -%}
    {%- do derived_tables._require_one_of(
        'environment', setting, ['prod', 'dev', 'sandbox', 'ci'], name,
        'Correct it or remove it: by default the environment is `dev`.'
    ) -%}
    {%- if 'prod_targets' in derived_tables._given_variables() -%}
        {%- do derived_tables._invalid(
            'environment', 'var `prod_targets`', 'set in dbt_project.yml', '--vars',
            'It says which targets may write to production, so it belongs to the project.'
        ) -%}
    {%- endif -%}
    {%- set prod_targets = derived_tables._list_var('environment', 'prod_targets', ['prod']) -%}
    {%- do derived_tables._require_one_of(
        'environment', 'a target that writes to production', prod_targets, target.name,
        'Var `prod_targets` lists these targets, and ' ~ setting ~ ' chooses the environment `prod`. Production is for '
        ~ "the scheduled run: to build your own tables, choose another environment, e.g. `--vars 'environment: dev'`."
    ) -%}
{%- endmacro -%}
