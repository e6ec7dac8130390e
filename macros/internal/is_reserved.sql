{#- Returns whether a database name could be mistaken for another database in another environment:
    `air_ci_data` in production would be `air` in the environment `ci` of the id `data`. -#}

{%- macro _is_reserved(database) -%}
    {{- return(
        modules.re.search('_(?:dev_dbt|dbt_deploy)$|_(?:sandbox|ci)(?:_|$)|_dbt_test__audit', database) is not none
    ) -}}
{%- endmacro -%}
