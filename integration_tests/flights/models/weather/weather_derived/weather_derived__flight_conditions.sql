with flights as (

    select * from {{ ref('air_traffic_datamarts__fct_flights') }}

),

observations as (

    select * from {{ ref('weather_datamarts__fct_hourly_observations') }}

),

-- A left join: a flight without an observation must stay in the totals, under a band that says so.
final as (

    select
        flights.flight_id,
        flights.origin_airport_code,
        observations.observation_id,
        observations.wind_speed_mph,
        coalesce(observations.wind_band, 'not_observed') as wind_band,
        observations.visibility_miles,
        coalesce(observations.visibility_band, 'not_observed') as visibility_band,
        flights.flight_status,
        flights.departure_delay_minutes
    from flights
    left join observations
        on
            flights.origin_airport_code = observations.airport_code
            and flights.scheduled_departure_hour_utc = observations.observation_hour_utc

)

select * from final
