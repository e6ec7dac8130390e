{#- Returns a SQL predicate that is true for the rows of a table's newest snapshot at or before a date. -#}

{%- macro as_of(relation, date, column=none) -%}
    {%- set day = derived_tables._date_of(
        'as_of', '`date`', date, "Write e.g. `as_of(ref('orders__daily'), '2024-01-31')`."
    ) -%}
    {{- return(derived_tables._snapshot_predicate('as_of', relation, day.isoformat(), column)) -}}
{%- endmacro -%}
