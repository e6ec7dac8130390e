{#- Returns the SQL predicate that reads one snapshot of a table: the newest, at or before a day if one is given.

    The date is looked up while the query is compiled, so that it is a literal there. In a unit test, where the table is
    a list of rows that are given, it is their newest. -#}

{%- macro _snapshot_predicate(macro_name, relation, day, column) -%}
    {%- if relation is string or relation.identifier is not defined -%}
        {%- do derived_tables._invalid(
            macro_name, '`relation`', 'a table', relation,
            "Write e.g. `ref('orders__daily')`, without quotes around it."
        ) -%}
    {%- endif -%}
    {%- set name = '[a-zA-Z_][a-zA-Z0-9_]*' -%}
    {%- if column is not none and not modules.re.fullmatch('(' ~ name ~ '[.])?' ~ name, column | string) -%}
        {%- do derived_tables._invalid(
            macro_name, '`column`', 'the name of the snapshot column', column,
            'In a query with a join, put the name of the table before it, e.g. `orders.snapshot_date`.'
        ) -%}
    {%- endif -%}
    {%- if not execute -%}
        {{- return('1 = 1') -}}
    {%- elif relation.is_cte -%}
        {{- return(derived_tables._snapshot_of_given_rows(macro_name, relation, day, column)) -}}
    {%- endif -%}
    {%- set table = derived_tables._snapshot_table(macro_name, relation, column) -%}
    {%- set newest = namespace(literal=none) -%}
    {%- for snapshot in (derived_tables._stored_snapshots(macro_name, table) if table else [])
        if not day or snapshot.day <= day -%}
        {%- set newest.literal = snapshot.literal -%}
    {%- endfor -%}
    {{- return((column or table.column) ~ ' = ' ~ newest.literal if newest.literal else '1 = 0') -}}
{%- endmacro -%}
