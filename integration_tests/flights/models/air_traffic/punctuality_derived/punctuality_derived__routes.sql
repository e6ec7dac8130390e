with flights as (

    select * from {{ ref('air_traffic_datamarts__fct_flights') }}

),

airports as (

    select * from {{ ref('air_traffic_datamarts__dim_airports') }}

),

summed as (

    select
        origin_airport_code,
        destination_airport_code,
        count(*) as scheduled_flights,
        count(distinct carrier_code) as carriers,
        count(case when flight_status = 'cancelled' then 1 end) as cancelled_flights,
        count(arrival_delay_minutes) as landed_flights,
        count(case when arrival_delay_minutes < 15 then 1 end) as on_time_arrivals,
        sum(arrival_delay_minutes) as arrival_delay_minutes,
        max(distance_miles) as distance_miles
    from flights
    group by
        origin_airport_code,
        destination_airport_code

),

final as (

    select
        summed.origin_airport_code || '_' || summed.destination_airport_code as route_id,
        summed.origin_airport_code,
        summed.destination_airport_code,
        airports.airport_name as destination_airport_name,
        summed.distance_miles,
        summed.carriers,
        summed.scheduled_flights,
        -- The codes make the order the same in every run where routes have as many flights.
        row_number() over (
            partition by summed.origin_airport_code
            order by summed.scheduled_flights desc, summed.destination_airport_code asc
        ) as rank_at_origin,
        summed.cancelled_flights,
        cast(summed.cancelled_flights as double) / summed.scheduled_flights as cancelled_share,
        cast(summed.arrival_delay_minutes as double) / nullif(summed.landed_flights, 0) as mean_arrival_delay_minutes,
        cast(summed.on_time_arrivals as double) / nullif(summed.landed_flights, 0) as on_time_arrival_share
    from summed
    left join airports
        on summed.destination_airport_code = airports.airport_code

)

select * from final
