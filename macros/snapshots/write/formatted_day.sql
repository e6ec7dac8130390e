{#- Returns a date as the text that a snapshot column of another type than `date` holds. -#}

{%- macro _formatted_day(macro_name, day, format) -%}
    {%- if format is not string or not modules.re.fullmatch('(?:%[Ymd]|[-_/.])*', format) or '%Y' not in format -%}
        {%- do derived_tables._invalid(
            macro_name, 'the format of a snapshot date',
            'made of `%Y`, `%m`, `%d`, `-`, `_`, `/` and `.`, and must contain `%Y`', format,
            'Write e.g. `%Y%m%d` for 20240131.'
        ) -%}
    {%- endif -%}
    {#- What Python makes of %Y has no leading zeros on Linux. -#}
    {{- return(day.strftime(format.replace('%Y', day.isoformat()[:4]))) -}}
{%- endmacro -%}
