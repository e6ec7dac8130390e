with flight_conditions as (

    select * from {{ ref('weather_derived__flight_conditions') }}

),

summed as (

    select
        origin_airport_code,
        wind_band,
        count(*) as scheduled_flights,
        count(case when flight_status = 'cancelled' then 1 end) as cancelled_flights,
        count(departure_delay_minutes) as departed_flights,
        count(case when departure_delay_minutes < 15 then 1 end) as on_time_departures,
        sum(departure_delay_minutes) as departure_delay_minutes
    from flight_conditions
    group by
        origin_airport_code,
        wind_band

),

final as (

    select
        origin_airport_code || '_' || wind_band as origin_wind_id,
        origin_airport_code,
        wind_band,
        scheduled_flights,
        cancelled_flights,
        cast(cancelled_flights as double) / scheduled_flights as cancelled_share,
        cast(departure_delay_minutes as double) / nullif(departed_flights, 0) as mean_departure_delay_minutes,
        cast(on_time_departures as double) / nullif(departed_flights, 0) as on_time_departure_share
    from summed

)

select * from final
