{#- Returns the relation that marks a run which writes one snapshot of a table; its location is the run's own folder.

    The mark goes when the run ends. Where it is still there, the next run takes it over; a run that has lost its mark
    does not publish. -#}

{%- macro _snapshot_lock(relation, snapshot) -%}
    {%- set text = modules.re.sub('[^0-9]', '_', snapshot.text) -%}
    {{- return(relation.incorporate(
        path={'identifier': relation.identifier ~ '__dbt_snapshot_' ~ text}, type='table'
    )) -}}
{%- endmacro -%}
