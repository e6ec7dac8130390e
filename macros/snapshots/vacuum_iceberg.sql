{#- Operation: deletes the files of an Iceberg table that its history no longer needs, until all is done. -#}

{%- macro vacuum_iceberg(model) -%}
    {%- if not execute -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(adapter.dispatch('vacuum_iceberg', 'derived_tables')(
        derived_tables._iceberg_model('vacuum_iceberg', model)
    )) -}}
{%- endmacro -%}

{%- macro default__vacuum_iceberg(table) -%}
    {%- do adapter.run_operation_with_potential_multiple_runs('vacuum ' ~ table.relation.render_pure(), 'vacuum') -%}
    {%- do print(table.relation ~ ': vacuumed') -%}
{%- endmacro -%}
