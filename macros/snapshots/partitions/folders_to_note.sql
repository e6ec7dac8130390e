{#- Returns the folders in which partitions lie: a run's own folder below the table where they are in one, else that of
    the partition. `root` is the location of the table. -#}

{%- macro _folders_to_note(partitions, root) -%}
    {%- set of_run = '^' ~ modules.re.escape(root)
        ~ '/(?:compact-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)' -%}
    {%- set found = [] -%}
    {%- for partition in partitions if partition.location -%}
        {%- do found.append((modules.re.findall(of_run, partition.location) or [partition.location])[0]) -%}
    {%- endfor -%}
    {{- return(found | unique | list) -}}
{%- endmacro -%}
