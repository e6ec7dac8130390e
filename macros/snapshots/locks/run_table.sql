{#- Returns the relation that the CREATE TABLE AS of a run makes: named after the run's own folder, so that the next run
    finds it if this one is interrupted. -#}

{%- macro _run_table(lock, folder) -%}
    {%- set run = folder.split('/')[-1].replace('-', '_') -%}
    {{- return(lock.incorporate(path={'identifier': lock.identifier ~ '_' ~ run})) -}}
{%- endmacro -%}
