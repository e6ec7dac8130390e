{#- Runs a model with `--empty`: makes the table if it is missing, without a snapshot. A table that is there
    stays as it is, because a snapshot without rows would take the place of the real one. -#}

{%- macro _append_nothing(snapshot) -%}
    {%- set query = snapshot.query ~ '\nwhere false' -%}
    {%- call statement('main') -%}
        {{- query if snapshot.table else create_table_as(false, snapshot.relation, query) -}}
    {%- endcall -%}
{%- endmacro -%}
