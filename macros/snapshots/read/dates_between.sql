{#- Renders an array of the days, weeks or months from one date to another one; null if the first lies after the
    last. -#}

{%- macro _dates_between(first, last, grain) -%}
    {%- set step = {'day': "'1' day", 'week': "'7' day", 'month': "'1' month"}[grain] -%}
    {{- return(
        'case when ' ~ first ~ ' <= ' ~ last ~ ' then ' ~ derived_tables._date_functions().series
        ~ '(' ~ first ~ ', ' ~ last ~ ', interval ' ~ step ~ ') end'
    ) -}}
{%- endmacro -%}
