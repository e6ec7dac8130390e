{#- Returns the date of this run's snapshots as a SQL expression of the type `date`. -#}

{%- macro snapshot_date(grain=none) -%}
    {{- return(adapter.dispatch('snapshot_date', 'derived_tables')(
        derived_tables._snapshot_day('snapshot_date', grain)
    )) -}}
{%- endmacro -%}

{%- macro default__snapshot_date(day) -%}
    {{- return("date '" ~ day.isoformat() ~ "'") -}}
{%- endmacro -%}
