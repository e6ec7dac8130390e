{#- Returns a date as the text that a partition column of another type than `date` holds. -#}

{%- macro _formatted_day(macro_name, day, format) -%}
    {%- if format is not string or not modules.re.fullmatch('(?:%[Ymd]|[-_/.])*', format) or '%Y' not in format -%}
        {%- do derived_tables._invalid(
            macro_name, 'the format of a snapshot', 'made of `%Y`, `%m`, `%d` and `-`, `_`, `/`, `.`, with `%Y`',
            format,
            'Write e.g. `%Y%m%d` for 20240131.'
        ) -%}
    {%- endif -%}
    {{- return(day.strftime(format.replace('%Y', '%04d' % day.year))) -}}
{%- endmacro -%}
