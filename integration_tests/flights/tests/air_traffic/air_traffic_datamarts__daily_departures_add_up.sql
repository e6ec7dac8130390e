with flights as (

    select * from {{ ref('air_traffic_datamarts__fct_flights') }}

),

daily_departures as (

    select * from {{ ref('air_traffic_datamarts__fct_daily_departures') }}

),

in_flights as (

    select
        count(*) as scheduled_flights,
        sum(departure_delay_minutes) as departure_delay_minutes
    from flights

),

in_daily_departures as (

    select
        sum(scheduled_flights) as scheduled_flights,
        sum(cancelled_flights + diverted_flights + landed_flights) as flights_by_status,
        sum(departure_delay_minutes) as departure_delay_minutes
    from daily_departures

)

select
    in_flights.scheduled_flights as expected_flights,
    in_daily_departures.scheduled_flights,
    in_daily_departures.flights_by_status,
    in_flights.departure_delay_minutes as expected_departure_delay_minutes,
    in_daily_departures.departure_delay_minutes
from in_flights
cross join in_daily_departures
where
    in_flights.scheduled_flights != in_daily_departures.scheduled_flights
    or in_flights.scheduled_flights != in_daily_departures.flights_by_status
    or in_flights.departure_delay_minutes != in_daily_departures.departure_delay_minutes
