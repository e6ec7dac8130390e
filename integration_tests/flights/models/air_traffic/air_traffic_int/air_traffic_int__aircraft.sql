with planes as (

    select * from {{ ref('stg_nyc_flights__planes') }}

),

flights as (

    select * from {{ ref('stg_nyc_flights__flights') }}

),

-- An aircraft that the register lacks gets a row of its own, so that no flight is lost in a join.
tail_numbers as (

    select tail_number
    from planes
    union distinct
    select tail_number
    from flights
    where tail_number is not null

),

final as (

    select
        tail_numbers.tail_number,
        planes.manufacture_year,
        planes.aircraft_type,
        planes.manufacturer,
        planes.aircraft_model,
        planes.engine_count,
        planes.seat_count,
        planes.engine_type,
        planes.tail_number is null as is_inferred
    from tail_numbers
    left join planes
        on tail_numbers.tail_number = planes.tail_number

)

select * from final
