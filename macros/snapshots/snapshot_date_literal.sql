{#- Returns the date of this run's snapshots as a SQL text literal, quotes included. -#}

{%- macro snapshot_date_literal(format='%Y-%m-%d', grain=none) -%}
    {%- set day = derived_tables._snapshot_day('snapshot_date_literal', grain) -%}
    {{- return("'" ~ derived_tables._formatted_day('snapshot_date_literal', day, format) ~ "'") -}}
{%- endmacro -%}
