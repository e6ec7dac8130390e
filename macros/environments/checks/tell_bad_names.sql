{#- Warns once of all names that var `on_bad_name` lets pass. -#}

{%- macro _tell_bad_names(nodes) -%}
    {%- set bad = [] -%}
    {%- for node in nodes if node.package_name == project_name -%}
        {%- if not derived_tables._node_place(node, node.config.schema, node.config.alias).is_good -%}
            {%- do bad.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if bad -%}
        {%- do exceptions.warn(
            'derived_tables.check_run: ' ~ bad | length ~ ' of ' ~ nodes | length ~ ' names cannot be placed, e.g. `'
            ~ bad[0] ~ '`; var `on_bad_name: ' ~ var('on_bad_name') ~ '` lets them pass. To list them:\n'
            ~ '  derived-tables conventions check --rule names'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
