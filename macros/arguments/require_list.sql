{#- Raises unless a value is a list; `what` says of what. -#}

{%- macro _require_list(macro_name, subject, what, value, remedy) -%}
    {%- if value is string or value is mapping or value is not sequence -%}
        {%- do derived_tables._invalid(macro_name, subject, 'a list of ' ~ what, value, remedy) -%}
    {%- endif -%}
{%- endmacro -%}
