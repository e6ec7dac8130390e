{#- Raises unless a value is one of those that are allowed. -#}

{%- macro _require_one_of(macro_name, subject, allowed, value, remedy) -%}
    {%- if value not in allowed -%}
        {%- do derived_tables._invalid(
            macro_name, subject, ('one of ' if allowed[1:]) ~ '`' ~ allowed | join('`, `') ~ '`', value, remedy
        ) -%}
    {%- endif -%}
{%- endmacro -%}
