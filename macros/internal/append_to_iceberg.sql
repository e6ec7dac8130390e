{#- Appends a snapshot to an Iceberg table on Athena, or replaces it, in one commit: a MERGE whose source has the new
    rows and a mark that matches the rows of the date. Where there is nothing to replace the mark matches nothing.

    The key of the join is a column that new rows leave null. With `stored.key = <date>` Trino would know the key of
    both sides, leave the equality out, and compare each old row with each new one; as a range it still prunes. -#}

{%- macro _append_to_iceberg(snapshot, change, relation, exists, sql) -%}
    {%- set query = derived_tables._snapshot_query(snapshot, change.columns, sql) -%}
    {%- if not exists -%}
        {%- set statement_text = create_table_as(false, relation, query) -%}
    {%- else -%}
        {%- do derived_tables._change_iceberg_columns(dict(change, removed=[]), relation, sql) -%}
        {%- set names = [] -%}
        {%- set mark = [] -%}
        {%- set type = namespace(of_key='date') -%}
        {%- for column in change.columns -%}
            {%- do names.append(adapter.quote(column.name)) -%}
            {%- do mark.append('null') -%}
            {%- if column.name | lower == snapshot.column -%}
                {%- set type.of_key = column.type -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set key = adapter.quote(snapshot.column) -%}
        {%- set statement_text -%}
merge into {{ relation }} as stored
using (
    select {{ names | join(', ') }}, cast(null as {{ type.of_key }}) as dbt_replaced_snapshot
    from (
{{ query }}
    ) as new_rows
    union all
    select {{ mark | join(', ') }}, {{ snapshot.literal }}
) as given
on stored.{{ key }} >= {{ snapshot.literal }} and stored.{{ key }} <= {{ snapshot.literal }}
    and stored.{{ key }} = given.dbt_replaced_snapshot
when matched then delete
when not matched and given.dbt_replaced_snapshot is null then insert ({{ names | join(', ') }})
    values (given.{{ names | join(', given.') }})
        {%- endset -%}
    {%- endif -%}
    {%- set result = adapter.run_query_with_partitions_limit_catching(statement_text) -%}
    {%- if result == 'TOO_MANY_OPEN_PARTITIONS' -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'a snapshot of `' ~ model.name ~ '`', 'one of at most 100 partitions', 'more',
            'Athena writes at most 100 partitions of an Iceberg table in one commit. Partition by less, e.g. by '
            ~ '`' ~ snapshot.column ~ '` and `bucket(<column>, 16)`.'
        ) -%}
    {%- endif -%}
    {#- Only now: a column that is dropped takes its values with it, and the statement could have failed. -#}
    {%- if exists and change.removed -%}
        {%- do derived_tables._change_iceberg_columns(dict(change, added=[]), relation, sql) -%}
    {%- endif -%}
    {%- set told = fromjson(result, {}) -%}
    {%- do store_raw_result(
        name='main', message='OK ' ~ told.get('rowcount', ''), code='OK', rows_affected=told.get('rowcount', -1)
    ) -%}
{%- endmacro -%}
