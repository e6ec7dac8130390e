{#- Raises if var `deploy_databases` names a database that the project does not have. -#}

{%- macro _check_deploy_databases(nodes) -%}
    {%- if var('deploy', false) -%}
        {%- set databases = [] -%}
        {%- for node in nodes -%}
            {%- do databases.append(derived_tables.model_parts(node).database) -%}
        {%- endfor -%}
        {%- for database in derived_tables._list_var('database_suffix', 'deploy_databases', []) -%}
            {%- do derived_tables._require_one_of(
                'check_run', 'each of var `deploy_databases`', databases | unique | sort, database,
                'Correct the name: it is the folder below the domain, without the suffix of an environment.'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
