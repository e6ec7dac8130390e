{#- Raises on Athena when the project does not dispatch `create_table_as` to this package: tables would land
    elsewhere. -#}

{%- macro _check_dispatch() -%}
    {%- if target.type == 'athena' -%}
        {%- set found_in = adapter.dispatch('create_table_as', 'athena').macro.package_name -%}
        {%- if found_in not in ('derived_tables', project_name) -%}
            {%- do derived_tables._invalid(
                'check_run', '`create_table_as` for Athena', 'dispatched to `derived_tables`', found_in,
                'Add to dbt_project.yml:\ndispatch:\n  - macro_namespace: athena\n    search_order: ['
                ~ project_name ~ ', derived_tables, dbt]'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro -%}
