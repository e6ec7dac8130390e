{#- Raises unless this target may write to production. `setting` says what chose the environment `prod`. -#}

{%- macro _require_prod_target(setting) -%}
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
