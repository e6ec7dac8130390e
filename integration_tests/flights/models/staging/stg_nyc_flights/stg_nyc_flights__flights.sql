with source as (

    select * from {{ source('nyc_flights', 'flights') }}

),

renamed as (

    select
        year as flight_year,
        month as flight_month,
        day as flight_day,
        carrier as carrier_code,
        flight as flight_number,
        tailnum as tail_number,
        origin as origin_airport_code,
        dest as destination_airport_code,
        sched_dep_time as scheduled_departure_hhmm,
        hour as scheduled_departure_hour,
        minute as scheduled_departure_minute,
        time_hour as scheduled_departure_hour_utc,
        dep_time as departure_hhmm,
        dep_delay as departure_delay_minutes,
        sched_arr_time as scheduled_arrival_hhmm,
        arr_time as arrival_hhmm,
        arr_delay as arrival_delay_minutes,
        air_time as air_time_minutes,
        distance as distance_miles
    from source

)

select * from renamed
