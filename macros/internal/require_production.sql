{#- Raises unless `name` is the environment `prod` and this target may write to production. -#}

{%- macro _require_production(name) -%}
    {%- if var('environment', none) is not none -%}
        {%- set setting = 'var `environment`' -%}
    {%- elif env_var('DERIVED_TABLES_ENVIRONMENT', '(unset)') != '(unset)' -%}
        {%- set setting = 'environment variable `DERIVED_TABLES_ENVIRONMENT`' -%}
    {%- else -%}
        {%- set setting = 'the name of the target' -%}
    {%- endif -%}

    {%- if name != 'prod' -%}
        {%- do derived_tables._invalid(
            'environment', setting, 'one of prod, dev, sandbox, ci', name,
            'Correct that setting or remove it: without one, the environment is `dev`.'
        ) -%}
    {%- endif -%}

    {%- set prod_targets = derived_tables._list_var('environment', 'prod_targets', ['prod']) -%}
    {%- if target.name not in prod_targets -%}
        {%- do derived_tables._invalid(
            'environment', 'the target that writes to production',
            'one of var `prod_targets` (' ~ prod_targets | join(', ') ~ ')', target.name,
            'The environment is `prod` because of ' ~ setting ~ '; only the scheduled run uses a production '
            ~ "target. To build your own tables choose another environment, e.g. `--vars 'environment: dev'`."
        ) -%}
    {%- endif -%}
{%- endmacro -%}
