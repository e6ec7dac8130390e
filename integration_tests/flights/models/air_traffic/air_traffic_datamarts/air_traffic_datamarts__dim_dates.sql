with flights as (

    select * from {{ ref('air_traffic_int__flights') }}

),

digits as (

    select digit
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as numbers (digit)

),

-- 0 to 9,999: days enough for 27 years. DuckDB and Athena share no function that makes a series.
day_offsets as (

    select 1000 * thousands.digit + 100 * hundreds.digit + 10 * tens.digit + ones.digit as day_offset
    from digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones

),

-- Whole years, so that a date of this year is there before its first flight is.
bounds as (

    select
        {{ date_from_parts('min(extract(year from flight_date))', '1', '1') }} as first_date,
        {{ date_from_parts('max(extract(year from flight_date))', '12', '31') }} as last_date
    from flights

),

calendar as (

    select cast({{ dbt.dateadd('day', 'day_offsets.day_offset', 'bounds.first_date') }} as date) as calendar_date
    from bounds
    cross join day_offsets
    where day_offsets.day_offset <= {{ dbt.datediff('bounds.first_date', 'bounds.last_date', 'day') }}

),

-- Engines number the days of the week differently. 1 January 1900 was a Monday.
numbered as (

    select
        calendar_date,
        1 + mod({{ dbt.datediff("date '1900-01-01'", 'calendar_date', 'day') }}, 7) as day_of_week
    from calendar

),

final as (

    select
        calendar_date,
        cast(extract(year from calendar_date) as integer) as calendar_year,
        cast(extract(quarter from calendar_date) as integer) as calendar_quarter,
        cast(extract(month from calendar_date) as integer) as calendar_month,
        cast({{ dbt.date_trunc('month', 'calendar_date') }} as date) as month_start_date,
        cast({{ dbt.date_trunc('week', 'calendar_date') }} as date) as week_start_date,
        cast(day_of_week as integer) as day_of_week,
        cast(
            case day_of_week
                when 1 then 'Monday'
                when 2 then 'Tuesday'
                when 3 then 'Wednesday'
                when 4 then 'Thursday'
                when 5 then 'Friday'
                when 6 then 'Saturday'
                when 7 then 'Sunday'
            end as varchar
        ) as day_name,
        day_of_week >= 6 as is_weekend
    from numbered

)

select * from final
