{#- Returns the date of this run's snapshots as a SQL expression of the type `date`. -#}

{%- macro snapshot_date(grain=none) -%}
    {{- return("date '" ~ derived_tables._snapshot_day('snapshot_date', grain) ~ "'") -}}
{%- endmacro -%}
