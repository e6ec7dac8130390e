{#- Returns as few statements as Athena's limit of 262,144 bytes allows, from their beginning and the parts
    behind it. -#}

{%- macro _statements_of(beginning, parts, separator) -%}
    {%- set statements = [] -%}
    {%- set open = namespace(text='') -%}
    {%- for part in parts -%}
        {%- if open.text and open.text | length + part | length > 250000 -%}
            {%- do statements.append(beginning ~ open.text) -%}
            {%- set open.text = '' -%}
        {%- endif -%}
        {%- set open.text = open.text ~ (separator if open.text else '') ~ part -%}
    {%- endfor -%}
    {%- if open.text -%}
        {%- do statements.append(beginning ~ open.text) -%}
    {%- endif -%}
    {{- return(statements) -}}
{%- endmacro -%}
