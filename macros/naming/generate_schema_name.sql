{#- Returns the database (dbt: schema) a node lands in. A consuming project's `generate_schema_name` calls this. -#}

{%- macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {{- return(adapter.dispatch('generate_schema_name', 'derived_tables')(custom_schema_name, node)) -}}
{%- endmacro -%}

{%- macro default__generate_schema_name(custom_schema_name, node) -%}
    {%- if not derived_tables._is_named_here(node) -%}
        {{- return(dbt.generate_schema_name(custom_schema_name, node)) -}}
    {%- elif node.resource_type == 'test' -%}
        {{- return(derived_tables._audit_database(custom_schema_name, node)) -}}
    {%- endif -%}

    {%- do derived_tables._refuse_unplaceable(node) -%}
    {%- set parts = derived_tables._parts(node, custom_schema_name, node.config.alias) -%}
    {%- if parts.problems -%}
        {%- do derived_tables._report_bad_name(node, parts.problems) -%}
        {{- return((dbt.generate_schema_name(custom_schema_name, node) | trim) ~ derived_tables.database_suffix()) -}}
    {%- endif -%}
    {{- return(parts.database ~ derived_tables.database_suffix(parts.database)) -}}
{%- endmacro -%}
