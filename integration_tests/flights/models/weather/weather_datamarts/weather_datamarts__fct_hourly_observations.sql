with observations as (

    select * from {{ ref('weather_int__observations') }}

),

final as (

    select
        observation_id,
        airport_code,
        observation_date,
        observation_hour,
        observation_hour_utc,
        temperature_fahrenheit,
        dew_point_fahrenheit,
        relative_humidity_percent,
        wind_direction_degrees,
        wind_speed_mph,
        wind_gust_mph,
        cast(
            case
                when wind_speed_mph < 1 then 'calm'
                when wind_speed_mph < 13 then 'light'
                when wind_speed_mph < 25 then 'moderate'
                when wind_speed_mph >= 25 then 'strong'
            end as varchar
        ) as wind_band,
        precipitation_inches,
        sea_level_pressure_millibars,
        visibility_miles,
        cast(
            case
                when visibility_miles < 1 then 'low_instrument'
                when visibility_miles < 3 then 'instrument'
                when visibility_miles <= 5 then 'marginal'
                when visibility_miles > 5 then 'visual'
            end as varchar
        ) as visibility_band
    from observations

)

select * from final
