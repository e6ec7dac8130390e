{#- Renders an array of the days, weeks or months from one date to another one; null if the first lies after the
    last. -#}

{%- macro _dates_between(first, last, grain) -%}
    {%- set number, unit = {'day': (1, 'day'), 'week': (7, 'day'), 'month': (1, 'month')}[grain] -%}
    {%- set series = 'generate_series' if target.type == 'duckdb' else 'sequence' -%}
    {{- return(
        'case when ' ~ first ~ ' <= ' ~ last ~ ' then ' ~ series ~ '(' ~ first ~ ', ' ~ last ~ ", interval '" ~ number
        ~ "' " ~ unit ~ ') end'
    ) -}}
{%- endmacro -%}
