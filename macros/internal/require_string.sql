{#- Raises unless `value` is a text that is not empty. -#}

{%- macro _require_string(macro_name, argument, value) -%}
    {%- if value is not string or not value | trim -%}
        {%- do derived_tables._invalid(
            macro_name, '`' ~ argument ~ '`', 'a text', value, 'Pass `' ~ argument ~ '` as a quoted text.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
