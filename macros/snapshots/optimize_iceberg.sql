{#- Operation: packs the files of an Iceberg table and applies its deletes, until all is done. -#}

{%- macro optimize_iceberg(model, where=none) -%}
    {%- if where is not none and where is not string -%}
        {%- do derived_tables._invalid(
            'optimize_iceberg', '`where`', 'a condition on partition columns', where,
            "Write e.g. `where: snapshot_date >= date '2024-01-01'`."
        ) -%}
    {%- endif -%}
    {%- if not execute -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(adapter.dispatch('optimize_iceberg', 'derived_tables')(
        derived_tables._iceberg_model('optimize_iceberg', model), where
    )) -}}
{%- endmacro -%}

{%- macro default__optimize_iceberg(table, where) -%}
    {%- do derived_tables._optimize(table, where) -%}
    {%- do print(table.relation ~ ': optimized') -%}
{%- endmacro -%}
