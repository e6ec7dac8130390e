{#- Returns the Iceberg table of a model that an operation is to work on; raises for any other one. -#}

{%- macro _iceberg_model(macro_name, model) -%}
    {%- set table = derived_tables._snapshot_model(macro_name, model) -%}
    {%- if not table or table.kind != 'iceberg' -%}
        {%- do derived_tables._invalid(
            macro_name, '`' ~ model ~ '`', 'an Iceberg table on Athena', table.kind if table else 'no table yet',
            'Other tables need no such care.'
        ) -%}
    {%- endif -%}
    {{- return(table) -}}
{%- endmacro -%}
