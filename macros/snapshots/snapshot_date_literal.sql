{#- Returns the date of this run's snapshots as a SQL text literal, quotes included. -#}

{%- macro snapshot_date_literal(format='%Y-%m-%d', grain=none) -%}
    {{- return(adapter.dispatch('snapshot_date_literal', 'derived_tables')(
        derived_tables._formatted_day(
            'snapshot_date_literal', derived_tables._snapshot_day('snapshot_date_literal', grain), format
        )
    )) -}}
{%- endmacro -%}

{%- macro default__snapshot_date_literal(text) -%}
    {{- return("'" ~ text ~ "'") -}}
{%- endmacro -%}
