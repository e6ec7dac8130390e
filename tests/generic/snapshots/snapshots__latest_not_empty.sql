{#- Fails with one row when the newest snapshot has no rows or is too old, or when there is no snapshot. -#}

{%- test snapshots__latest_not_empty(
    model, column='snapshot_date', max_age_days=none, format=none, column_name=none
) -%}

{%- set name = 'snapshots__latest_not_empty' -%}
{%- set column = column_name or column -%}
{%- do derived_tables._require_column_name(name, '`column`', column) -%}
{%- if max_age_days is not none
    and (max_age_days is boolean or max_age_days is not integer or max_age_days < 0) -%}
    {%- do derived_tables._invalid(
        name, '`max_age_days`', 'a whole number, 0 or more', max_age_days,
        'Write e.g. `max_age_days: 1`: the newest snapshot may be from the day of the run or the day before.'
    ) -%}
{%- endif -%}
{%- set newest = derived_tables._newest_snapshots(name, model, column, format)[0] -%}
{%- set oldest = 'null' -%}
{%- if max_age_days is not none -%}
    {%- set day = derived_tables._snapshot_day(name, 'day') - modules.datetime.timedelta(days=max_age_days) -%}
    {%- set oldest = "'" ~ day.isoformat() ~ "'" -%}
{%- endif -%}

with checked as (
    select * from {{ model }}
),

newest as (
    select
        {{ derived_tables._as_date(name, newest, format) }} as newest_date,
        count(*) as newest_rows,
        cast({{ oldest }} as date) as oldest_date
    from checked
    where {{ adapter.quote(column) }} = {{ newest }}
)

select
    newest_date,
    newest_rows,
    oldest_date as expected_since,
    cast(
        case
            when newest_date is null then 'there is no snapshot'
            when newest_rows = 0 then 'the newest snapshot has no rows'
            else 'the newest snapshot is too old'
        end as {{ dbt.type_string() }}
    ) as problem
from newest
where
    {%- if flags.EMPTY %}
    -- dbt runs with --empty: nothing has rows
    false
    {%- else %}
    newest_date is null
    or newest_rows = 0
    or newest_date < oldest_date
    {%- endif %}

{%- endtest -%}
