{#- Returns a date given as ISO text, or as the date that YAML makes of it; raises for anything else.
    Jinja cannot catch what Python raises, so the day is checked before it is made. -#}

{%- macro _date_of(macro_name, subject, value, remedy) -%}
    {%- set found = modules.re.fullmatch('([0-9]{4})-([0-9]{2})-([0-9]{2})', value | string) -%}
    {%- set numbers = [] -%}
    {%- for text in (found.groups() if found else []) -%}
        {%- do numbers.append(text | int) -%}
    {%- endfor -%}
    {%- set is_date = found and numbers[0] >= 1 and 1 <= numbers[1] <= 12 and 1 <= numbers[2] <= 31 -%}
    {%- if is_date -%}
        {%- set day = modules.datetime.date(numbers[0], numbers[1], 1) + modules.datetime.timedelta(numbers[2] - 1) -%}
    {%- endif -%}
    {%- if not is_date or day.month != numbers[1] -%}
        {%- do derived_tables._invalid(macro_name, subject, 'a date like `2024-01-31`', value, remedy) -%}
    {%- endif -%}
    {{- return(day) -}}
{%- endmacro -%}
