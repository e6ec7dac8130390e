{#- Returns a bound of a range as SQL: a text that is a date or a time becomes one, any other text is an expression. -#}

{%- macro _bound(value) -%}
    {%- set text = value | string -%}
    {%- if modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', text) -%}
        {{- return("date '" ~ text ~ "'") -}}
    {%- elif modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+', text) -%}
        {{- return("timestamp '" ~ text.replace('T', ' ') ~ "'") -}}
    {%- endif -%}
    {{- return('(' ~ text ~ ')' if value is string else text) -}}
{%- endmacro -%}
