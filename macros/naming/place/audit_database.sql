{#- Returns the database for the rows that fail a test: next to the node tested, so that the same people may read them.
    `schema` is the configured one; dbt's default for it, `dbt_test__audit`, asks for our own naming. -#}

{%- macro _audit_database(schema, node) -%}
    {%- if schema and schema != 'dbt_test__audit' -%}
        {%- set database = schema | trim -%}
        {%- if modules.re.search(derived_tables._reserved_databases(), database)
            or not modules.re.fullmatch('[a-z0-9_]+', database) -%}
            {%- do derived_tables._invalid(
                'generate_schema_name', '`schema` of the test `' ~ node.name ~ '`',
                'a database name in snake case without the suffix of an environment', database,
                'Set another `schema`, or remove it: failures then land next to the model tested.'
            ) -%}
        {%- endif -%}
        {{- return(database ~ derived_tables.database_suffix(database)) -}}
    {%- endif -%}

    {%- if node.file_key_name -%}
        {%- set tested = node.file_key_name.split('.', 1)[1] -%}
    {%- elif node.refs -%}
        {%- set tested = node.refs[0].name -%}
    {%- elif node.sources -%}
        {%- set tested = node.sources[0][0] -%}
    {%- else -%}
        {%- set tested = target.schema -%}
    {%- endif -%}
    {%- set database = tested.split('__', 1)[0] -%}
    {%- if not modules.re.fullmatch('[a-z0-9_]+', database) -%}
        {%- set database = derived_tables._snake_case(database) -%}
    {%- endif -%}
    {{- return(database ~ '_dbt_test__audit' ~ derived_tables.database_suffix(database)) -}}
{%- endmacro -%}
