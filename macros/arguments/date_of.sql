{#- Returns the Python date of an ISO text, or of the date that YAML makes of one; raises for anything else.
    Jinja cannot catch what Python raises: a day that the month does not have is found by counting from its first. -#}

{%- macro _date_of(macro_name, subject, value, remedy) -%}
    {%- set text = value | string -%}
    {%- if modules.re.fullmatch('[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]', text) and text >= '0001' -%}
        {%- set first = modules.datetime.date(text[:4] | int, text[5:7] | int, 1) -%}
        {%- set day = first + modules.datetime.timedelta((text[8:] | int) - 1) -%}
        {%- if day.isoformat() == text -%}
            {{- return(day) -}}
        {%- endif -%}
    {%- endif -%}
    {%- do derived_tables._invalid(macro_name, subject, 'a date like `2024-01-31`', value, remedy) -%}
{%- endmacro -%}
