with flights as (

    select * from {{ ref('stg_nyc_flights__flights') }}

),

dated as (

    select
        *,
        {{ date_from_parts('flight_year', 'flight_month', 'flight_day') }} as flight_date,
        cast(
            case
                when departure_hhmm is null then 'cancelled'
                when arrival_delay_minutes is null then 'diverted'
                else 'landed'
            end as varchar
        ) as flight_status
    from flights

),

timed as (

    select
        *,
        {{ dbt.dateadd('minute', 'scheduled_departure_minute', 'scheduled_departure_hour_utc') }}
            as scheduled_departure_at_utc,
        {{ dbt.dateadd(
            'minute',
            '60 * scheduled_departure_hour + scheduled_departure_minute + departure_delay_minutes',
            'cast(flight_date as timestamp)'
        ) }} as departed_at_local
    from dated

),

final as (

    select
        cast(flight_date as varchar)
        || '_' || origin_airport_code
        || '_' || carrier_code
        || '_' || cast(flight_number as varchar) as flight_id,
        flight_date,
        carrier_code,
        flight_number,
        tail_number,
        origin_airport_code,
        destination_airport_code,
        scheduled_departure_hour,
        scheduled_departure_hour_utc,
        scheduled_departure_at_utc,
        {{ dbt.dateadd('minute', 'departure_delay_minutes', 'scheduled_departure_at_utc') }} as departed_at_utc,
        -- The source has no date of arrival. Both clocks are local, and no flight from New York is so short and so far
        -- west that it lands by an earlier clock on the same day. 2400 is the midnight that begins the next day.
        case
            when flight_status != 'landed' then null
            when mod(arrival_hhmm, 2400) < mod(departure_hhmm, 2400)
                then cast({{ dbt.dateadd('day', 1, 'cast(departed_at_local as date)') }} as date)
            else cast(departed_at_local as date)
        end as arrival_date,
        flight_status,
        departure_delay_minutes,
        arrival_delay_minutes,
        air_time_minutes,
        distance_miles
    from timed

)

select * from final
