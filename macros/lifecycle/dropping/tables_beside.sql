{#- Returns the tables of neighbouring schemas on Athena, see `_glue_table`: of the same database in other environments,
    deployments included, and of other databases in this environment. A promoted table lies where its deployment put
    it. -#}

{%- macro _tables_beside(schema) -%}
    {%- set suffix = derived_tables.database_suffix() -%}
    {%- set database = schema.schema[:-(suffix | length)] -%}
    {%- set found = [] -%}
    {%- for name in adapter.list_schemas(schema.database)
        if name != schema.schema and (name.startswith(database) or name.endswith(suffix)) -%}
        {%- for relation in adapter.list_relations_without_caching(schema.incorporate(path={'schema': name})) -%}
            {%- set table = derived_tables._glue_table(relation) -%}
            {%- if table and table.location -%}
                {%- do found.append(table) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
