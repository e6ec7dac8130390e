{#- Fails for each day, week or month between the first and the last snapshot of which there is no snapshot. -#}

{%- test snapshots__no_missing_dates(
    model, column='snapshot_date', grain='day', start=none, end=none, weekdays_only=false, ignore=[], format=none,
    column_name=none
) -%}

{%- set name = 'snapshots__no_missing_dates' -%}
{%- set column = column_name or column -%}
{%- do derived_tables._require_column_name(name, '`column`', column) -%}
{%- set day = derived_tables._as_date(name, adapter.quote(column), format) -%}
{%- do derived_tables._require_one_of(
    name, '`grain`', ['day', 'week', 'month'], grain, 'Leave it out for daily snapshots.'
) -%}
{%- do derived_tables._require_boolean(
    name, '`weekdays_only`', weekdays_only, 'Leave it out if there are snapshots at weekends.'
) -%}
{%- if weekdays_only and grain != 'day' -%}
    {%- do derived_tables._invalid(
        name, '`grain`', '`day` with `weekdays_only`', grain, 'Leave out one of the two.'
    ) -%}
{%- endif -%}
{%- do derived_tables._require_list(
    name, '`ignore`', 'dates', ignore, 'Write it as a list, e.g. `ignore: [2024-12-25]`.'
) -%}
{%- set ignored = [] -%}
{%- for date in ignore -%}
    {%- do ignored.append(derived_tables._grain_of(
        "date '" ~ derived_tables._date_of(name, 'each of `ignore`', date, 'Correct or remove it.') ~ "'", grain
    )) -%}
{%- endfor -%}
{%- set remedy = 'Leave it out for the date of the first or last snapshot.' -%}
{%- if start is not none -%}
    {%- set start = derived_tables._date_of(name, '`start`', start, remedy) -%}
{%- endif -%}
{%- if end is not none -%}
    {%- set end = derived_tables._date_of(name, '`end`', end, remedy) -%}
{%- endif -%}
{%- if start is not none and end is not none and start > end -%}
    {%- do derived_tables._invalid(name, '`end`', 'no earlier than `start`, ' ~ start, end, 'Swap the two.') -%}
{%- endif -%}
{%- set listed = derived_tables._partitions_table(model, column) -%}

with checked as (
    select * from {{ listed or model }}
),

snapshots as (
    select distinct {{ derived_tables._grain_of(day, grain) }} as snapshot_date
    from checked
    where {{ adapter.quote(column) }} is not null
),

bounds as (
    select
        {{ derived_tables._grain_of("date '" ~ start ~ "'", grain) if start else 'first_snapshot' }} as first_date,
        {{ derived_tables._grain_of("date '" ~ end ~ "'", grain) if end else 'last_snapshot' }} as last_date
    from (select min(snapshot_date) as first_snapshot, max(snapshot_date) as last_snapshot from snapshots) as extent
),

expected as (
    select
        cast(calendar.expected_date as date) as expected_date,
        bounds.first_date,
        bounds.last_date
    from bounds
    cross join unnest({{ derived_tables._dates_between('bounds.first_date', 'bounds.last_date', grain) }})
        as calendar (expected_date)
)

select
    expected.expected_date as missing_date,
    expected.first_date,
    expected.last_date
from expected
left join snapshots
    on expected.expected_date = snapshots.snapshot_date
where
    snapshots.snapshot_date is null
    {%- if weekdays_only %}
    -- Saturday is 6; Sunday is 7 for Athena, 0 for DuckDB
    and extract(dow from expected.expected_date) not in (0, 6, 7)
    {%- endif %}
    {%- if ignored %}
    and expected.expected_date not in ({{ ignored | join(', ') }})
    {%- endif %}

{%- endtest -%}
