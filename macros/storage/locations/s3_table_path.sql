{#- Returns the S3 key, below the data directory, under which the versions of one table lie. What cannot stand there, in
    names that the package has not chosen, becomes `_`: no two tables share a location, whose last part is unique. -#}

{%- macro _s3_table_path(node, database, table) -%}
    {%- set owner = node -%}
    {%- if node.resource_type == 'test' -%}
        {%- set owner = graph.nodes.get(node.attached_node or (node.depends_on.nodes + [''])[0]) or node -%}
    {%- endif -%}
    {%- set domain = derived_tables._node_place(owner, none, none).domain if owner.resource_type != 'test' -%}
    {%- set parts = [
        'prod' if derived_tables.environment() == 'prod' else 'dev',
        'seeds' if owner.resource_type == 'seed' else 'models'
    ] -%}
    {%- for key, value in (
        ('domain_name=', domain or node.package_name), ('database_name=', database), ('table_name=', table)
    ) -%}
        {%- do parts.append(key ~ modules.re.sub('[^A-Za-z0-9_-]+', '_', value)) -%}
    {%- endfor -%}
    {{- return(parts | join('/')) -}}
{%- endmacro -%}
