{#- Renders an expression of a snapshot column as a date: of a column that holds a text or a whole number
    by its format. -#}

{%- macro _text_as_date(macro_name, expression, format) -%}
    {%- if format is none -%}
        {{- return('cast(' ~ expression ~ ' as date)') -}}
    {%- endif -%}
    {#- Any day will do: this checks the format. -#}
    {%- do derived_tables._formatted_day(macro_name, modules.datetime.date(2024, 1, 31), format) -%}
    {%- set parse = 'strptime' if target.type == 'duckdb' else 'date_parse' -%}
    {{- return('cast(' ~ parse ~ '(cast(' ~ expression ~ " as varchar), '" ~ format ~ "') as date)") -}}
{%- endmacro -%}
