with daily_departures as (

    select * from {{ ref('air_traffic_datamarts__fct_daily_departures') }}

),

dates as (

    select * from {{ ref('air_traffic_datamarts__dim_dates') }}

),

summed as (

    select
        dates.month_start_date,
        daily_departures.origin_airport_code,
        sum(daily_departures.scheduled_flights) as scheduled_flights,
        sum(daily_departures.cancelled_flights) as cancelled_flights,
        sum(daily_departures.departed_flights) as departed_flights,
        sum(daily_departures.on_time_departures) as on_time_departures,
        sum(daily_departures.departure_delay_minutes) as departure_delay_minutes
    from daily_departures
    inner join dates
        on daily_departures.flight_date = dates.calendar_date
    group by
        dates.month_start_date,
        daily_departures.origin_airport_code

),

final as (

    select
        cast(month_start_date as varchar) || '_' || origin_airport_code as origin_month_id,
        month_start_date,
        origin_airport_code,
        cast(scheduled_flights as bigint) as scheduled_flights,
        cast(cancelled_flights as bigint) as cancelled_flights,
        cast(cancelled_flights as double) / scheduled_flights as cancelled_share,
        cast(departure_delay_minutes as double) / nullif(departed_flights, 0) as mean_departure_delay_minutes,
        cast(on_time_departures as double) / nullif(departed_flights, 0) as on_time_departure_share
    from summed

)

select * from final
