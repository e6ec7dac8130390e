{#- Returns the folders in which partitions lie, given as {name: location}: a run's own folder below the table where
    they are in one, else that of the snapshot; a location outside of the table is a folder of its own. -#}

{%- macro _folders_of(partitions, root) -%}
    {%- set found = [] -%}
    {%- for location in partitions.values() if location -%}
        {%- set below = location[root | length + 1:].split('/') if location.startswith(root ~ '/') else [] -%}
        {%- do found.append(root ~ '/' ~ below[0] if below else location) -%}
    {%- endfor -%}
    {{- return(found | unique | list) -}}
{%- endmacro -%}
