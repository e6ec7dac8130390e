{#- Returns the pattern of database names that could be mistaken for another database in another environment:
    `air_ci_data` in production would be `air` in the environment `ci` of the id `data`. -#}

{%- macro _reserved_databases() -%}
    {{- return('_(?:dev_dbt|dbt_deploy)$|_(?:sandbox|ci)(?:_|$)|_dbt_test__audit') -}}
{%- endmacro -%}
