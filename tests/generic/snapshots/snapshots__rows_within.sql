{#- Fails with one row when the newest snapshot has far more or far fewer rows than the one before it. -#}

{%- test snapshots__rows_within(model, percent, column='snapshot_date', format=none, column_name=none) -%}

{%- set name = 'snapshots__rows_within' -%}
{%- set column = column_name or column -%}
{%- do derived_tables._require_column_name(name, '`column`', column) -%}
{%- if percent is boolean or percent is not number or percent < 0 -%}
    {%- do derived_tables._invalid(
        name, '`percent`', 'a number, 0 or more', percent,
        'Write e.g. `percent: 10` to allow a tenth more or fewer rows than in the snapshot before.'
    ) -%}
{%- endif -%}
{%- set newest, previous = derived_tables._newest_snapshots(name, model, column, format) -%}

with checked as (
    select * from {{ model }}
),

counted as (
    select
        count(case when {{ adapter.quote(column) }} = {{ previous }} then 1 end) as previous_rows,
        count(case when {{ adapter.quote(column) }} = {{ newest }} then 1 end) as newest_rows
    from checked
    where {{ adapter.quote(column) }} in ({{ previous }}, {{ newest }})
)

select
    {{ derived_tables._as_date(name, previous, format) }} as previous_date,
    {{ derived_tables._as_date(name, newest, format) }} as newest_date,
    previous_rows,
    newest_rows,
    case
        when previous_rows > 0 then 100 * cast(newest_rows - previous_rows as double) / previous_rows
        else cast('Infinity' as double)
    end as change_percent
from counted
where
    {{ previous }} is not null
    and abs(newest_rows - previous_rows) * 100 > {{ percent }} * previous_rows

{%- endtest -%}
