{#- Raises unless an argument of an operation is true or false. -#}

{%- macro _require_boolean(macro_name, name, value) -%}
    {%- if value is not boolean -%}
        {%- do derived_tables._invalid(
            macro_name, '`' ~ name ~ '`', 'true or false', value,
            "Write e.g. `--args '{" ~ name ~ ": false}'`, without quotes."
        ) -%}
    {%- endif -%}
{%- endmacro -%}
