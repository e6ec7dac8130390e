with weather as (

    select * from {{ ref('stg_nyc_flights__weather') }}

),

dated as (

    select
        *,
        {{ date_from_parts('observation_year', 'observation_month', 'observation_day') }} as observation_date
    from weather

),

final as (

    select
        airport_code || '_' || cast(cast(observation_hour_utc as date) as varchar)
        || '_' || lpad(cast(extract(hour from observation_hour_utc) as varchar), 2, '0') as observation_id,
        airport_code,
        observation_date,
        observation_hour,
        observation_hour_utc,
        temperature_fahrenheit,
        dew_point_fahrenheit,
        relative_humidity_percent,
        -- The strongest wind that an anemometer ever measured was 253 mph: what is above that is a fault.
        case when wind_speed_mph < 254 then wind_speed_mph end as wind_speed_mph,
        case when wind_gust_mph < 254 then wind_gust_mph end as wind_gust_mph,
        wind_direction_degrees,
        precipitation_inches,
        sea_level_pressure_millibars,
        visibility_miles
    from dated

)

select * from final
