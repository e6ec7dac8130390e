{#- Renders the first day of the week or month that a date lies in; the date itself for the grain `day`. -#}

{%- macro _grain_of(expression, grain) -%}
    {%- if grain == 'day' -%}
        {{- return(expression) -}}
    {%- endif -%}
    {{- return("cast(date_trunc('" ~ grain ~ "', " ~ expression ~ ') as date)') -}}
{%- endmacro -%}
