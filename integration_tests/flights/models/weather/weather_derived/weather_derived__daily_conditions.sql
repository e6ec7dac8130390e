with observations as (

    select * from {{ ref('weather_datamarts__fct_hourly_observations') }}

),

summed as (

    select
        airport_code,
        observation_date,
        count(*) as observed_hours,
        min(temperature_fahrenheit) as min_temperature_fahrenheit,
        max(temperature_fahrenheit) as max_temperature_fahrenheit,
        sum(temperature_fahrenheit) as temperature_fahrenheit,
        count(temperature_fahrenheit) as temperatures,
        sum(precipitation_inches) as precipitation_inches,
        max(wind_speed_mph) as max_wind_speed_mph,
        min(visibility_miles) as min_visibility_miles,
        count(case when visibility_band in ('low_instrument', 'instrument') then 1 end) as low_visibility_hours
    from observations
    group by
        airport_code,
        observation_date

),

final as (

    select
        cast(observation_date as varchar) || '_' || airport_code as daily_conditions_id,
        observation_date,
        airport_code,
        observed_hours,
        min_temperature_fahrenheit,
        cast(temperature_fahrenheit as double) / nullif(temperatures, 0) as mean_temperature_fahrenheit,
        max_temperature_fahrenheit,
        cast(precipitation_inches as decimal(6, 2)) as precipitation_inches,
        max_wind_speed_mph,
        min_visibility_miles,
        low_visibility_hours
    from summed

)

select * from final
