with aircraft as (

    select * from {{ ref('air_traffic_int__aircraft') }}

),

final as (

    select
        tail_number,
        manufacture_year,
        aircraft_type,
        manufacturer,
        aircraft_model,
        engine_count,
        engine_type,
        seat_count,
        is_inferred
    from aircraft

)

select * from final
