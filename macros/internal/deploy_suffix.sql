{#- Returns `_dbt_deploy` when this run writes `database` (none: any) next to the live one, to be promoted later. -#}

{%- macro _deploy_suffix(database) -%}
    {%- set deploy = var('deploy', false) -%}
    {%- if deploy is not boolean -%}
        {%- do derived_tables._invalid(
            'database_suffix', 'var `deploy`', 'true or false', deploy,
            "Write `--vars 'deploy: true'`; var `deploy_databases` lists the databases, without it all are deployed."
        ) -%}
    {%- endif -%}
    {%- set databases = derived_tables._list_var('database_suffix', 'deploy_databases', []) -%}
    {{- return('_dbt_deploy' if deploy and (not databases or database is none or database in databases) else '') -}}
{%- endmacro -%}
