{#- Returns the predicate that reads one snapshot of the rows that a unit test gives: there is no table to ask, nor
    dbt's graph, so it is the newest of them, or the newest up to a day, whatever the type. Raises for an ephemeral
    model. -#}

{%- macro _snapshot_of_given_rows(macro_name, relation, day, column) -%}
    {%- if model.resource_type != 'unit_test' -%}
        {%- do derived_tables._invalid(
            macro_name, '`relation`', 'a table', 'an ephemeral model',
            'Name the table that keeps the snapshots, e.g. a model with `materialized: snapshot_append`.'
        ) -%}
    {%- endif -%}
    {%- set column = column or 'snapshot_date' -%}
    {%- set name = column.split('.')[-1] -%}
    {%- set up_to = '' -%}
    {%- if day -%}
        {%- set digits = "translate(cast(" ~ name ~ " as varchar), '-_/.', '')" -%}
        {%- set up_to = ' where ' ~ digits ~ " <= '" ~ day.replace('-', '') ~ "'" -%}
    {%- endif -%}
    {{- return(column ~ ' = (select max(' ~ name ~ ') from ' ~ relation ~ up_to ~ ')') -}}
{%- endmacro -%}
