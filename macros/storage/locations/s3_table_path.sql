{#- Returns the S3 key, below the data directory, under which the versions of one table lie. -#}

{%- macro _s3_table_path(node, database, table) -%}
    {%- set owner = node -%}
    {%- if node.resource_type == 'test' -%}
        {%- set owner = graph.nodes.get(node.attached_node or (node.depends_on.nodes + [''])[0]) or node -%}
    {%- endif -%}
    {%- set folders = derived_tables._node_place(owner, none, none).folders if owner.resource_type != 'test' else [] -%}
    {%- set parts = [
        'prod' if derived_tables.environment() == 'prod' else 'dev',
        'seeds' if owner.resource_type == 'seed' else 'models',
        'domain_name=' ~ (folders[0] if folders else node.package_name),
        'database_name=' ~ database,
        'table_name=' ~ table
    ] -%}
    {%- for part in parts if not modules.re.fullmatch('(?:[a-z_]+=)?[A-Za-z0-9_-]+', part) -%}
        {%- do derived_tables._invalid(
            'generate_s3_location', 'the S3 path of `' ~ node.original_file_path ~ '`',
            'made of letters, digits, `_` and `-`', part, 'Rename the file, its folder or its `alias`.'
        ) -%}
    {%- endfor -%}
    {{- return(parts | join('/')) -}}
{%- endmacro -%}
