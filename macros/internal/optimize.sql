{#- Runs OPTIMIZE on an Iceberg table until Athena says that all is done. -#}

{%- macro _optimize(table, where) -%}
    {%- do adapter.run_operation_with_potential_multiple_runs(
        'optimize ' ~ table.relation.render_pure() ~ ' rewrite data using bin_pack'
        ~ (' where ' ~ where if where else ''),
        'optimize'
    ) -%}
{%- endmacro -%}
