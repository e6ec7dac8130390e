{#- Raises because a macro has nothing to offer on the adapter at hand. -#}

{%- macro _unsupported_adapter(macro_name) -%}
    {%- do derived_tables._invalid(
        macro_name, 'the adapter', '`athena` or `duckdb`', adapter.type(), 'Choose a target of one of these two types.'
    ) -%}
{%- endmacro -%}
