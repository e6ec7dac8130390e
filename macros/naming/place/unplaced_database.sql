{#- Returns the database, without suffix, of a node that its own name does not place: one of another package, or a badly
    named one, as far as var `on_bad_name` lets it pass. Raises for the names of other environments, always. -#}

{%- macro _unplaced_database(schema, node) -%}
    {%- set is_ours = node.package_name == project_name -%}
    {%- if is_ours -%}
        {%- do derived_tables._report_bad_name(node, schema) -%}
    {%- endif -%}
    {%- if is_ours and var('on_bad_name') == 'project' and project_schema_name is defined -%}
        {%- set database = project_schema_name(schema, node) -%}
    {%- elif is_ours and '.' in node.name and not schema and var('on_bad_name') == 'warn' -%}
        {%- set database = node.name.split('.')[0] -%}
    {%- else -%}
        {%- set database = dbt.generate_schema_name(schema or none, node) -%}
    {%- endif -%}
    {%- set database = database | trim -%}
    {%- if modules.re.search(derived_tables._reserved_databases(), database | lower) or not database -%}
        {%- do derived_tables._invalid(
            'generate_schema_name', 'the database of `' ~ node.original_file_path ~ '`',
            'one that looks like no other environment: _dev_dbt, _sandbox, _ci, _dbt_deploy and _dbt_test__audit are '
            ~ 'reserved', database, 'It is made of `schema` in profiles.yml and in the config: correct these.'
        ) -%}
    {%- endif -%}
    {{- return(database) -}}
{%- endmacro -%}
