{#- Returns a value of YAML as an SQL literal: numbers and booleans as they are, all else as a text. -#}

{%- macro _literal(value) -%}
    {%- if value is number -%}
        {{- return(value | string | lower) -}}
    {%- endif -%}
    {{- return("'" ~ (value | string).replace("'", "''") ~ "'") -}}
{%- endmacro -%}
