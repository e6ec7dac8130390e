with source as (

    select * from {{ source('nyc_flights', 'weather') }}

),

-- Decimals from here on: sums of doubles depend on the order in which an engine happens to add them.
renamed as (

    select
        origin as airport_code,
        year as observation_year,
        month as observation_month,
        day as observation_day,
        hour as observation_hour,
        time_hour as observation_hour_utc,
        cast(temp as decimal(5, 2)) as temperature_fahrenheit,
        cast(dewp as decimal(5, 2)) as dew_point_fahrenheit,
        cast(humid as decimal(5, 2)) as relative_humidity_percent,
        wind_dir as wind_direction_degrees,
        cast(wind_speed as decimal(9, 5)) as wind_speed_mph,
        cast(wind_gust as decimal(9, 5)) as wind_gust_mph,
        cast(precip as decimal(4, 2)) as precipitation_inches,
        cast(pressure as decimal(6, 1)) as sea_level_pressure_millibars,
        cast(visib as decimal(4, 2)) as visibility_miles
    from source

)

select * from renamed
