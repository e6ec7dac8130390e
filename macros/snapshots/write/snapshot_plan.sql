{#- Returns all there is to know before a snapshot is written; raises for what cannot work, before a hook has run.
    `kind` is that of the table, as `_stored_table` says it.

    To what `_snapshot_config` returns it adds {literal, relation, existing, table, columns, added, removed, query}: the
    date as a SQL literal; the table to write; what is there under its name; the table to append to, none if it has to
    be made; the three of `_schema_change`; and the query of the rows. -#}

{%- macro _snapshot_plan(kind) -%}
    {%- set snapshot = derived_tables._snapshot_config(kind) -%}
    {%- set sql = modules.re.sub('[;\\s]+$', '', compiled_code) -%}
    {%- set columns = derived_tables._query_columns(sql) -%}
    {%- for column in columns if kind != 'duckdb' and modules.re.fullmatch('_col[0-9]+', column.id) -%}
        {%- do derived_tables._refuse_snapshot(
            'the query', 'a select whose columns all have a name', 'none for column ' ~ (columns.index(column) + 1),
            'Write `as <name>` behind it.'
        ) -%}
    {%- endfor -%}
    {%- if config.get('contract').enforced -%}
        {%- do get_assert_columns_equivalent(sql) -%}
    {%- endif -%}
    {%- set snapshot = dict(
        snapshot,
        literal=derived_tables._snapshot_literal(snapshot, columns),
        relation=this.incorporate(type='table'),
        existing=load_relation(this)
    ) -%}
    {%- set table = derived_tables._table_to_extend(snapshot) -%}
    {%- if table and kind != 'duckdb' -%}
        {%- set columns = derived_tables._with_whole_types(columns, sql) -%}
    {%- endif -%}
    {%- set change = derived_tables._schema_change(snapshot, columns, table.columns if table else columns) -%}
    {{- return(dict(
        snapshot, table=table, query=derived_tables._snapshot_query(snapshot, change.columns, sql), **change
    )) -}}
{%- endmacro -%}
