with airports as (

    select * from {{ ref('stg_nyc_flights__airports') }}

),

flights as (

    select * from {{ ref('stg_nyc_flights__flights') }}

),

airports_flown as (

    select origin_airport_code as airport_code
    from flights
    union distinct
    select destination_airport_code as airport_code
    from flights

),

origins as (

    select distinct origin_airport_code as airport_code
    from flights

),

-- An airport that the list lacks gets a row of its own, so that no flight is lost in a join.
codes as (

    select airport_code
    from airports
    union distinct
    select airport_code
    from airports_flown

),

final as (

    select
        codes.airport_code,
        airports.airport_name,
        airports.latitude_degrees,
        airports.longitude_degrees,
        airports.altitude_feet,
        airports.utc_offset_hours,
        airports.daylight_saving_code,
        airports.time_zone,
        origins.airport_code is not null as is_origin,
        airports.airport_code is null as is_inferred
    from codes
    left join airports
        on codes.airport_code = airports.airport_code
    left join origins
        on codes.airport_code = origins.airport_code

)

select * from final
