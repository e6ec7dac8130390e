with flights as (

    select * from {{ ref('air_traffic_datamarts__fct_flights') }}

),

counted as (

    select
        flight_date,
        origin_airport_code,
        carrier_code,
        count(*) as scheduled_flights,
        count(case when flight_status = 'cancelled' then 1 end) as cancelled_flights,
        count(case when flight_status = 'diverted' then 1 end) as diverted_flights,
        count(case when flight_status = 'landed' then 1 end) as landed_flights,
        count(case when departure_delay_minutes < 15 then 1 end) as on_time_departures,
        count(case when arrival_delay_minutes < 15 then 1 end) as on_time_arrivals,
        coalesce(sum(departure_delay_minutes), 0) as departure_delay_minutes,
        coalesce(sum(arrival_delay_minutes), 0) as arrival_delay_minutes
    from flights
    group by
        flight_date,
        origin_airport_code,
        carrier_code

),

final as (

    select
        cast(flight_date as varchar)
        || '_' || origin_airport_code
        || '_' || carrier_code as daily_departures_id,
        flight_date,
        origin_airport_code,
        carrier_code,
        scheduled_flights,
        cancelled_flights,
        diverted_flights,
        landed_flights,
        diverted_flights + landed_flights as departed_flights,
        on_time_departures,
        on_time_arrivals,
        cast(departure_delay_minutes as bigint) as departure_delay_minutes,
        cast(arrival_delay_minutes as bigint) as arrival_delay_minutes
    from counted

)

select * from final
