with daily_departures as (

    select * from {{ ref('air_traffic_datamarts__fct_daily_departures') }}

),

carriers as (

    select * from {{ ref('air_traffic_datamarts__dim_carriers') }}

),

dates as (

    select * from {{ ref('air_traffic_datamarts__dim_dates') }}

),

summed as (

    select
        dates.month_start_date,
        daily_departures.carrier_code,
        sum(daily_departures.scheduled_flights) as scheduled_flights,
        sum(daily_departures.cancelled_flights) as cancelled_flights,
        sum(daily_departures.departed_flights) as departed_flights,
        sum(daily_departures.landed_flights) as landed_flights,
        sum(daily_departures.on_time_arrivals) as on_time_arrivals,
        sum(daily_departures.departure_delay_minutes) as departure_delay_minutes,
        sum(daily_departures.arrival_delay_minutes) as arrival_delay_minutes
    from daily_departures
    inner join dates
        on daily_departures.flight_date = dates.calendar_date
    group by
        dates.month_start_date,
        daily_departures.carrier_code

),

averaged as (

    select
        month_start_date,
        carrier_code,
        cast(scheduled_flights as bigint) as scheduled_flights,
        cast(cancelled_flights as bigint) as cancelled_flights,
        cast(cancelled_flights as double) / scheduled_flights as cancelled_share,
        cast(departure_delay_minutes as double) / nullif(departed_flights, 0) as mean_departure_delay_minutes,
        cast(arrival_delay_minutes as double) / nullif(landed_flights, 0) as mean_arrival_delay_minutes,
        cast(on_time_arrivals as double) / nullif(landed_flights, 0) as on_time_arrival_share
    from summed

),

final as (

    select
        cast(averaged.month_start_date as varchar) || '_' || averaged.carrier_code as carrier_month_id,
        averaged.month_start_date,
        averaged.carrier_code,
        carriers.carrier_name,
        carriers.carrier_group,
        averaged.scheduled_flights,
        averaged.cancelled_flights,
        averaged.cancelled_share,
        averaged.mean_departure_delay_minutes,
        averaged.mean_arrival_delay_minutes,
        averaged.on_time_arrival_share,
        previous.on_time_arrival_share as previous_on_time_arrival_share
    from averaged
    left join carriers
        on averaged.carrier_code = carriers.carrier_code
    -- Not lag(): some carriers pause for months, and the row before is then not the month before.
    left join averaged as previous
        on
            averaged.carrier_code = previous.carrier_code
            and averaged.month_start_date = cast({{ dbt.dateadd('month', 1, 'previous.month_start_date') }} as date)

)

select * from final
