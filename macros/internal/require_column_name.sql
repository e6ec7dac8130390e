{#- Raises unless an argument is the name of a column. -#}

{%- macro _require_column_name(macro_name, argument, value) -%}
    {%- if value is not string or not modules.re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', value) -%}
        {%- do derived_tables._invalid(
            macro_name, argument if '`' in argument else '`' ~ argument ~ '`', 'the name of a column', value,
            'Write the name alone, without quotes or functions, e.g. `snapshot_date`.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
