{#- Renders an expression of a snapshot column as a date; that of a column which holds a text or a whole number by its
    format. -#}

{%- macro _as_date(macro_name, expression, format) -%}
    {%- if format is not none -%}
        {#- Any day will do: this checks the format. -#}
        {%- do derived_tables._formatted_day(macro_name, modules.datetime.date(2024, 1, 31), format) -%}
        {%- set parse = derived_tables._date_functions().parse -%}
        {%- set expression = parse ~ '(cast(' ~ expression ~ " as varchar), '" ~ format ~ "')" -%}
    {%- endif -%}
    {{- return('cast(' ~ expression ~ ' as date)') -}}
{%- endmacro -%}
