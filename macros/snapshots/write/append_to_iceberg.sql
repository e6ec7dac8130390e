{#- Appends a snapshot to an Iceberg table on Athena, or replaces it, in one commit: a MERGE whose source has the new
    rows and one row that matches those of the date. Where there is nothing to replace it matches nothing.

    The key of the join is a column that new rows leave null. With `stored.key = <date>` Trino would know the key of
    both sides, leave the equality out, and compare each old row with each new one; as a range it still prunes. -#}

{%- macro _append_to_iceberg(snapshot) -%}
    {%- set relation = snapshot.relation -%}
    {%- if not snapshot.table -%}
        {%- set sql = create_table_as(false, relation, snapshot.query) -%}
    {%- else -%}
        {%- if snapshot.added -%}
            {%- do derived_tables._alter_columns(snapshot, 'add', snapshot.added) -%}
        {%- endif -%}
        {%- set names, nulls = [], [] -%}
        {%- for column in snapshot.columns -%}
            {%- do names.append(adapter.quote(column.name)) -%}
            {%- do nulls.append('null') -%}
        {%- endfor -%}
        {%- set key = adapter.quote(snapshot.column) -%}
        {%- set sql -%}
merge into {{ relation }} as stored
using (
    select {{ names | join(', ') }}, case when false then {{ key }} end as dbt_replaced_snapshot
    from (
{{ snapshot.query }}
    ) as new_rows
    union all
    select {{ nulls | join(', ') }}, {{ snapshot.literal }}
) as given
on stored.{{ key }} >= {{ snapshot.literal }} and stored.{{ key }} <= {{ snapshot.literal }}
    and stored.{{ key }} = given.dbt_replaced_snapshot
when matched then delete
when not matched and given.dbt_replaced_snapshot is null then insert ({{ names | join(', ') }})
    values (given.{{ names | join(', given.') }})
        {%- endset -%}
    {%- endif -%}
    {%- if not derived_tables._run_within_limit(sql) -%}
        {%- do derived_tables._refuse_snapshot(
            'a snapshot', 'no more than 100 partitions', 'more',
            'Athena writes at most 100 partitions of an Iceberg table in one commit. Partition by less, e.g. by '
            ~ '`' ~ snapshot.column ~ '` and `bucket(<column>, 16)`.'
        ) -%}
    {%- endif -%}
    {#- Only now: a column that is dropped takes its values with it, and the statement could have failed. -#}
    {%- if snapshot.table and snapshot.removed -%}
        {%- set removed = [] -%}
        {%- for column in snapshot.removed -%}
            {%- do removed.append(api.Column(column.name, column.type)) -%}
        {%- endfor -%}
        {%- do alter_relation_drop_columns(relation, removed) -%}
    {%- endif -%}
{%- endmacro -%}
