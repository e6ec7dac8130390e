{#- Returns the relation that marks a run which writes one snapshot of a table; its location is the run's own folder.

    A Glue table can be made by one run only. The next run takes the mark away, with what an interrupted run left behind;
    a run that has lost its mark does not publish. -#}

{%- macro _snapshot_lock(relation, snapshot) -%}
    {%- set text = modules.re.sub('[^0-9]', '_', snapshot.text) -%}
    {{- return(relation.incorporate(path={'identifier': relation.identifier ~ '__dbt_snapshot_' ~ text}, type='table')) -}}
{%- endmacro -%}
