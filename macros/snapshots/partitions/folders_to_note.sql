{#- Returns the folders below a table, at `root`, in which partitions lie and that a run has made: the run's own folder
    right below the table, else the partition's in it. What this package has not named is never deleted by a run. -#}

{%- macro _folders_to_note(partitions, root) -%}
    {%- set of_run = '/dbt-(?:snapshot|compact)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)' -%}
    {%- set found = [] -%}
    {%- for partition in partitions if (partition.location or '').startswith(root ~ '/')
        and modules.re.search(of_run, partition.location) -%}
        {%- set own = modules.re.findall('^' ~ modules.re.escape(root) ~ of_run, partition.location) -%}
        {%- do found.append((own or [partition.location])[0]) -%}
    {%- endfor -%}
    {{- return(found | unique | list) -}}
{%- endmacro -%}
