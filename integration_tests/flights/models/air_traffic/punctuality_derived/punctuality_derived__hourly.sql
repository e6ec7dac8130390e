with flights as (

    select * from {{ ref('air_traffic_datamarts__fct_flights') }}

),

summed as (

    select
        origin_airport_code,
        scheduled_departure_hour,
        count(*) as scheduled_flights,
        count(case when flight_status = 'cancelled' then 1 end) as cancelled_flights,
        count(departure_delay_minutes) as departed_flights,
        count(case when departure_delay_minutes < 15 then 1 end) as on_time_departures,
        sum(departure_delay_minutes) as departure_delay_minutes
    from flights
    group by
        origin_airport_code,
        scheduled_departure_hour

),

final as (

    select
        origin_airport_code || '_' || lpad(cast(scheduled_departure_hour as varchar), 2, '0') as origin_hour_id,
        origin_airport_code,
        scheduled_departure_hour,
        scheduled_flights,
        cancelled_flights,
        cast(cancelled_flights as double) / scheduled_flights as cancelled_share,
        cast(departure_delay_minutes as double) / nullif(departed_flights, 0) as mean_departure_delay_minutes,
        cast(on_time_departures as double) / nullif(departed_flights, 0) as on_time_departure_share
    from summed

)

select * from final
