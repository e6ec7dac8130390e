{#- Returns how the adapter names what tests do with dates: {parse, series}. -#}

{%- macro _date_functions() -%}
    {{- return(adapter.dispatch('date_functions', 'derived_tables')()) -}}
{%- endmacro -%}

{%- macro default__date_functions() -%}
    {%- do derived_tables._unsupported_adapter('date_functions') -%}
{%- endmacro -%}

{%- macro athena__date_functions() -%}
    {{- return({'parse': 'date_parse', 'series': 'sequence'}) -}}
{%- endmacro -%}

{%- macro duckdb__date_functions() -%}
    {{- return({'parse': 'strptime', 'series': 'generate_series'}) -}}
{%- endmacro -%}
