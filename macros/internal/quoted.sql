{#- Returns names of columns as a query has them. -#}

{%- macro _quoted(names) -%}
    {%- set found = [] -%}
    {%- for name in names -%}
        {%- do found.append(adapter.quote(name)) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
