{#- Returns the database (dbt: schema) a node lands in. A consuming project's `generate_schema_name` calls this.
    dbt calls it several times for every node of a project, and each macro that it enters costs time: what is rare,
    errors above all, stands in macros of its own. -#}

{%- macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {%- set kind = node.resource_type if node else none -%}
    {%- if kind == 'test' -%}
        {{- return(derived_tables._audit_database(custom_schema_name, node)) -}}
    {%- elif kind not in ('model', 'seed', 'snapshot') -%}
        {{- return(dbt.generate_schema_name(custom_schema_name, node)) -}}
    {%- elif kind != 'model' and (node.config.target_schema or node.config.seed_by_insert) -%}
        {%- do derived_tables._refuse_unplaceable(node) -%}
    {%- endif -%}

    {%- set place = derived_tables._node_place(node, custom_schema_name, node.config.alias) -%}
    {%- set suffix = derived_tables.database_suffix(place.database or none) -%}
    {%- if place.is_good and (place.database ~ suffix) | length <= 255 -%}
        {{- return(place.database ~ suffix) -}}
    {%- endif -%}
    {%- set database = derived_tables._unplaced_database(custom_schema_name, node) -%}
    {{- return(database ~ derived_tables.database_suffix(database)) -}}
{%- endmacro -%}
