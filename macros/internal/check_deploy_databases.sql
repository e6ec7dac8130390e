{#- Raises when var `deploy_databases` names a database that the project does not have. -#}

{%- macro _check_deploy_databases(nodes) -%}
    {%- if var('deploy', false) -%}
        {%- set databases = [] -%}
        {%- for node in nodes -%}
            {%- do databases.append(derived_tables.model_parts(node).database) -%}
        {%- endfor -%}
        {%- for database in derived_tables._list_var('database_suffix', 'deploy_databases', [])
            if database not in databases -%}
            {%- do derived_tables._invalid(
                'check_run', 'var `deploy_databases`',
                'a list of databases of this project (' ~ databases | unique | sort | join(', ') ~ ')', database,
                'Correct the name: it is the folder below the domain, without the suffix of an environment.'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
