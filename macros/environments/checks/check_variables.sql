{#- Raises for variables of `--vars` that are not ours, but nearly: `enviroment: sandbox` would run in dev without a
    word. Those of dbt_project.yml, which no macro can list, the command checks. -#}

{%- macro _check_variables() -%}
    {%- set ours = [
        'environment', 'prod_targets', 'deploy', 'deploy_databases', 'on_bad_name', 'snapshot_date',
        'allow_future_snapshots', 'discard_snapshots', 'snapshot_grace_minutes', 'price_per_tb',
        'artefacts_dir'
    ] -%}
    {%- for name in derived_tables._given_variables() if name not in ours -%}
        {%- for known in ours if derived_tables._is_near(name, known) -%}
            {%- do derived_tables._invalid(
                'check_run', 'each variable of `--vars`', 'ours or clearly another one', name,
                'Write `' ~ known ~ '`, if you mean that; a variable of your own needs a name less like it.'
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro -%}
