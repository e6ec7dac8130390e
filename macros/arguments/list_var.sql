{#- Returns a variable that holds a list of names. -#}

{%- macro _list_var(macro_name, name, default) -%}
    {%- set value = var(name, default) -%}
    {%- do derived_tables._require_list(
        macro_name, 'var `' ~ name ~ '`', 'names', value, 'Write it as a list, e.g. `' ~ name ~ ': [' ~ value ~ ']`.'
    ) -%}
    {{- return(value) -}}
{%- endmacro -%}
