with flights as (

    select * from {{ ref('air_traffic_int__flights') }}

),

delay_bands as (

    select * from {{ ref('air_traffic_lookup__delay_bands') }}

),

final as (

    select
        flights.flight_id,
        flights.flight_date,
        flights.carrier_code,
        flights.flight_number,
        flights.tail_number,
        flights.origin_airport_code,
        flights.destination_airport_code,
        flights.scheduled_departure_hour,
        flights.scheduled_departure_hour_utc,
        flights.scheduled_departure_at_utc,
        flights.departed_at_utc,
        flights.arrival_date,
        flights.flight_status,
        flights.departure_delay_minutes,
        departure_bands.delay_band as departure_delay_band,
        flights.arrival_delay_minutes,
        arrival_bands.delay_band as arrival_delay_band,
        flights.air_time_minutes,
        flights.distance_miles
    from flights
    left join delay_bands as departure_bands
        on
            flights.departure_delay_minutes
            >= coalesce(departure_bands.lower_bound_minutes, flights.departure_delay_minutes)
            and flights.departure_delay_minutes
            < coalesce(departure_bands.upper_bound_minutes, flights.departure_delay_minutes + 1)
    left join delay_bands as arrival_bands
        on
            flights.arrival_delay_minutes
            >= coalesce(arrival_bands.lower_bound_minutes, flights.arrival_delay_minutes)
            and flights.arrival_delay_minutes
            < coalesce(arrival_bands.upper_bound_minutes, flights.arrival_delay_minutes + 1)

)

select * from final
