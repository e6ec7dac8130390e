{#- Raises unless a schema may be dropped: it belongs to this environment, which is not production. A name such as
    `orders_ci_sandbox_ann` ends in the suffix of Ann's sandbox, but belongs to the environment `ci`. -#}

{%- macro _require_droppable(schema_name, database_name) -%}
    {%- for subject, name in (('`schema_name`', schema_name), ('`database_name`', database_name or 'none'))
        if name is not string or not modules.re.fullmatch('[a-z0-9_]+', name) -%}
        {%- do derived_tables._invalid(
            'drop_schema', subject, 'made of lower-case letters, digits and `_`', name,
            "Write the whole name, e.g. `--args 'schema_name: orders_dev_dbt'`."
        ) -%}
    {%- endfor -%}
    {%- do derived_tables._check_variables() -%}
    {%- set environment = derived_tables.environment() -%}
    {%- set suffix = derived_tables.database_suffix() -%}
    {%- set database = modules.re.sub('(_dbt_test__audit)?' ~ suffix ~ '$', '', schema_name) -%}
    {%- if environment == 'prod' or not database or not schema_name.endswith(suffix)
        or modules.re.search(derived_tables._reserved_databases(), database) -%}
        {%- do derived_tables._invalid(
            'drop_schema', '`schema_name`', 'a schema of an environment other than production' if environment == 'prod'
            else 'a schema of the environment `' ~ environment ~ '`, whose names end in `' ~ suffix ~ '`', schema_name,
            "Choose the environment that it belongs to, e.g. `--vars 'environment: ci'`."
        ) -%}
    {%- endif -%}
{%- endmacro -%}
