{#- Returns the folders in which partitions lie, given as {name: location}: a run's own folder below the table where
    they are in one, else that of the snapshot; a location outside of the table is a folder of its own. -#}

{%- macro _folders_of(partitions, root) -%}
    {%- set uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' -%}
    {%- set found = [] -%}
    {%- for location in partitions.values() if location -%}
        {%- set below = location[root | length + 1:].split('/') if location.startswith(root ~ '/') else [] -%}
        {%- set is_of_run = below and modules.re.fullmatch('(compact-)?' ~ uuid, below[0]) -%}
        {%- do found.append(root ~ '/' ~ below[0] if is_of_run else location) -%}
    {%- endfor -%}
    {{- return(found | unique | list) -}}
{%- endmacro -%}
