{#- Returns a SQL predicate that is true for the rows of a table's newest snapshot: it compares the column with the date
    as a literal. -#}

{%- macro latest_snapshot(relation, column=none) -%}
    {{- return(derived_tables._snapshot_predicate('latest_snapshot', relation, none, column)) -}}
{%- endmacro -%}
