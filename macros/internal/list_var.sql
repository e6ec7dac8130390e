{#- Returns a variable that must be a list of names; raises when it is anything else. -#}

{%- macro _list_var(macro_name, name, default) -%}
    {%- set value = var(name, default) -%}
    {%- if value is string or value is mapping or value is not sequence -%}
        {%- do derived_tables._invalid(
            macro_name, 'var `' ~ name ~ '`', 'a list of names', value,
            'Write it as a list, e.g. `' ~ name ~ ': [' ~ value ~ ']`.'
        ) -%}
    {%- endif -%}
    {{- return(value) -}}
{%- endmacro -%}
