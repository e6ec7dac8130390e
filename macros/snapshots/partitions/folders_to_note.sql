{#- Returns the folders below a table, at `root`, in which partitions lie: a run's own folder where they are in one,
    else that of the partition. What lies elsewhere is not the table's to delete. -#}

{%- macro _folders_to_note(partitions, root) -%}
    {%- set of_run = '^' ~ modules.re.escape(root)
        ~ '/(?:compact-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)' -%}
    {%- set found = [] -%}
    {%- for partition in partitions if (partition.location or '').startswith(root ~ '/') -%}
        {%- do found.append((modules.re.findall(of_run, partition.location) or [partition.location])[0]) -%}
    {%- endfor -%}
    {{- return(found | unique | list) -}}
{%- endmacro -%}
