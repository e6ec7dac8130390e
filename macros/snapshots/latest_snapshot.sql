{#- Returns a SQL predicate that is true for the rows of a table's newest snapshot: the column, and the date as a
    literal. -#}

{%- macro latest_snapshot(relation, column=none) -%}
    {{- return(adapter.dispatch('latest_snapshot', 'derived_tables')(
        derived_tables._snapshot_predicate('latest_snapshot', relation, none, column)
    )) -}}
{%- endmacro -%}

{%- macro default__latest_snapshot(predicate) -%}
    {{- return(predicate) -}}
{%- endmacro -%}
