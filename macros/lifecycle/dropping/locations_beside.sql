{#- Returns where the tables of neighbouring schemas on Athena lie, as {table: location}: of the same database in other
    environments, deployments included, and of other databases in this environment. A promoted table lies where its
    deployment has put it. -#}

{%- macro _locations_beside(schema) -%}
    {%- set suffix = derived_tables.database_suffix() -%}
    {%- set database = schema.schema[:-(suffix | length)] -%}
    {%- set found = {} -%}
    {%- for name in adapter.list_schemas(schema.database)
        if name != schema.schema and (name.startswith(database) or name.endswith(suffix)) -%}
        {%- for relation in adapter.list_relations_without_caching(
            api.Relation.create(database=schema.database, schema=name)
        ) -%}
            {%- set location = (derived_tables._glue_table(relation) or {}).location -%}
            {%- if location -%}
                {%- do found.update({relation | string: location}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
