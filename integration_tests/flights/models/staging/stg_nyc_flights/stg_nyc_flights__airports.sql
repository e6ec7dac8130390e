with source as (

    select * from {{ source('nyc_flights', 'airports') }}

),

renamed as (

    select
        faa as airport_code,
        name as airport_name,
        lat as latitude_degrees,
        lon as longitude_degrees,
        alt as altitude_feet,
        tz as utc_offset_hours,
        dst as daylight_saving_code,
        tzone as time_zone
    from source

)

select * from renamed
