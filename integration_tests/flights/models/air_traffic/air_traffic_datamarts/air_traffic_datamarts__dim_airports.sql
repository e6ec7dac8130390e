with airports as (

    select * from {{ ref('air_traffic_int__airports') }}

),

final as (

    select
        airport_code,
        -- A label for people must not be empty.
        coalesce(airport_name, 'Airport ' || airport_code) as airport_name,
        latitude_degrees,
        longitude_degrees,
        altitude_feet,
        utc_offset_hours,
        cast(
            case daylight_saving_code
                when 'A' then 'observed'
                when 'N' then 'not observed'
                else 'unknown'
            end as varchar
        ) as daylight_saving,
        time_zone,
        is_origin,
        is_inferred
    from airports

)

select * from final
