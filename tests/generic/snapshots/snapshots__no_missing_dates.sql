{#- Fails for each day, week or month between the first and the last snapshot of which there is no snapshot. -#}

{%- test snapshots__no_missing_dates(
    model, column='snapshot_date', grain='day', start=none, end=none, weekdays_only=false, ignore=[], format=none
) -%}

{%- set name = 'snapshots__no_missing_dates' -%}
{%- do derived_tables._require_column_name(name, 'column', column) -%}
{%- set day = derived_tables._text_as_date(name, adapter.quote(column), format) -%}
{%- if grain not in ('day', 'week', 'month') -%}
    {%- do derived_tables._invalid(
        name, '`grain`', '`day`, `week` or `month`', grain, 'Leave it out for daily snapshots.'
    ) -%}
{%- endif -%}
{%- if weekdays_only is not boolean or (weekdays_only and grain != 'day') -%}
    {%- do derived_tables._invalid(
        name, '`weekdays_only`', 'true or false, and false unless `grain` is `day`', weekdays_only,
        'Leave it out if there are snapshots at weekends.'
    ) -%}
{%- endif -%}
{%- if ignore is string or ignore is mapping or ignore is not sequence -%}
    {%- do derived_tables._invalid(
        name, '`ignore`', 'a list of dates', ignore, 'Write it as a list, e.g. `ignore: [2024-12-25]`.'
    ) -%}
{%- endif -%}
{%- set ignored = [] -%}
{%- for date in ignore -%}
    {%- do ignored.append(derived_tables._grain_of(
        "date '" ~ derived_tables._date_of(name, 'each of `ignore`', date, 'Correct or remove it.') ~ "'", grain
    )) -%}
{%- endfor -%}
{%- set remedy = 'Leave it out for that of the snapshots there are.' -%}
{%- if start is not none -%}
    {%- set start = derived_tables._date_of(name, '`start`', start, remedy) -%}
{%- endif -%}
{%- if end is not none -%}
    {%- set end = derived_tables._date_of(name, '`end`', end, remedy) -%}
{%- endif -%}
{%- if start is not none and end is not none and start > end -%}
    {%- do derived_tables._invalid(name, '`end`', 'at or after `start`, ' ~ start, end, 'Swap the two.') -%}
{%- endif -%}
{%- set listed = none if model is string else derived_tables._partitions_relation(model, column) -%}

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
