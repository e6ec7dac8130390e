{#- Returns the path that a node's file should have, e.g. `models/sales/orders/orders__daily.sql`; for a snapshot, whose
    name stands in its file, `<file>: <name>`. What only its author can know stands as `<domain>` or `<database>`. -#}

{%- macro _expected_path(node) -%}
    {%- set path = (node.original_file_path | replace('\\', '/')).split('/') -%}
    {%- set folders = derived_tables._node_place(node, none, none).folders -%}
    {%- set root = path[:(path | length) - 1 - (folders | length)] -%}
    {%- set words = modules.re.split('__|[.]', node.name, 1) -%}
    {%- set domain = derived_tables._snake_case(folders[0]) if folders else '<domain>' -%}
    {%- if folders | length > 1 -%}
        {%- set database = derived_tables._snake_case(folders[1]) -%}
    {%- elif words | length > 1 -%}
        {%- set database = derived_tables._snake_case(words[0]) -%}
    {%- else -%}
        {%- set database = '<database>' -%}
    {%- endif -%}
    {%- if modules.re.search(derived_tables._reserved_databases(), database) -%}
        {%- set database = '<database>' -%}
    {%- endif -%}

    {%- set table = derived_tables._snake_case(words | last) -%}
    {%- set table = table[database | length + 1:] if table.startswith(database ~ '_') else table -%}
    {%- set name = database ~ '__' ~ table -%}
    {%- if node.resource_type == 'snapshot' -%}
        {%- set file = path[-1] ~ ': ' ~ name -%}
    {%- else -%}
        {%- set file = name ~ ('_v' ~ node.version if node.version else '') ~ '.' ~ path[-1].split('.')[-1] -%}
    {%- endif -%}
    {{- return((root + [domain, database] + folders[2:] + [file]) | join('/')) -}}
{%- endmacro -%}
