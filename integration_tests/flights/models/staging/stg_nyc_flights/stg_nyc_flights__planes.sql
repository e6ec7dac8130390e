with source as (

    select * from {{ source('nyc_flights', 'planes') }}

),

renamed as (

    select
        tailnum as tail_number,
        year as manufacture_year,
        type as aircraft_type,
        manufacturer,
        model as aircraft_model,
        engines as engine_count,
        seats as seat_count,
        speed as cruising_speed_mph,
        engine as engine_type
    from source

)

select * from renamed
