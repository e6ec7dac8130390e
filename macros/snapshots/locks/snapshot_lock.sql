{#- Returns the relation that locks one snapshot of a Hive table for the run that writes it: its location is the run's
    own folder. The lock goes when the run ends. Where it is still there, the next run takes it over; a run that has
    lost its lock does not publish. `text` stands for the date. -#}

{%- macro _snapshot_lock(relation, text) -%}
    {{- return(relation.incorporate(
        path={'identifier': relation.identifier ~ '__dbt_snapshot_' ~ modules.re.sub('[^0-9]', '_', text)}, type='table'
    )) -}}
{%- endmacro -%}
