{#- Raises unless a value is true or false. -#}

{%- macro _require_boolean(macro_name, subject, value, remedy) -%}
    {%- if value is not boolean -%}
        {%- do derived_tables._invalid(macro_name, subject, '`true` or `false`', value, remedy) -%}
    {%- endif -%}
{%- endmacro -%}
