{#- Returns `_dbt_deploy` if this run writes `database` (none: any) next to the live one, to be promoted later. -#}

{%- macro _deploy_suffix(database) -%}
    {%- set deploy = var('deploy', false) -%}
    {%- do derived_tables._require_boolean(
        'database_suffix', 'var `deploy`', deploy,
        "Write `--vars 'deploy: true'`. It deploys the databases in var `deploy_databases`, or all without that var."
    ) -%}
    {%- set databases = derived_tables._list_var('database_suffix', 'deploy_databases', []) -%}
    {{- return('_dbt_deploy' if deploy and (not databases or database is none or database in databases) else '') -}}
{%- endmacro -%}
