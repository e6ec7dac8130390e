{#- Raises unless a value is the name of a column. -#}

{%- macro _require_column_name(macro_name, subject, value) -%}
    {%- if value is not string or not modules.re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', value) -%}
        {%- do derived_tables._invalid(
            macro_name, subject, 'the name of a column', value,
            'Write only the name, without quotes or functions, e.g. `snapshot_date`.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
