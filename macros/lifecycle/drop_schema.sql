{#- Operation: drops a schema of this environment, relation by relation with the data; never in production. -#}

{#- dbt looks for `adapter.drop_schema` under the same name, and finds this one before its own. -#}

{%- macro drop_schema(schema_name=none, database_name=none, relation=none) -%}
    {%- if relation is not none and relation is not string -%}
        {{- return(dbt.drop_schema(relation)) -}}
    {%- endif -%}
    {%- do derived_tables._require_droppable(schema_name, database_name) -%}
    {%- set schema = api.Relation.create(database=database_name or target.database, schema=schema_name) -%}
    {%- if not execute -%}
        {{- return('') -}}
    {%- elif not adapter.check_schema_exists(schema.database, schema_name) -%}
        {%- do print('There is no schema ' ~ schema ~ '.') -%}
    {%- else -%}
        {%- set kept = adapter.dispatch('drop_with_data', 'derived_tables')(schema) -%}
        {%- if kept -%}
            {%- do exceptions.raise_compiler_error(
                'derived_tables.drop_schema: the schema ' ~ schema ~ ' is kept, because these relations are:\n  '
                ~ kept | join('\n  ') ~ '\nDrop them by hand, then run this again.'
            ) -%}
        {%- endif -%}
        {%- do print('Dropped schema ' ~ schema ~ '.') -%}
    {%- endif -%}
{%- endmacro -%}
