{{ config(materialized='snapshot_append', partitioned_by=['snapshot_date']) }}

with daily_departures as (

    select * from {{ ref('air_traffic_datamarts__fct_daily_departures') }}

),

-- What was known on the day of the snapshot.
known as (

    select *
    from daily_departures
    where flight_date <= {{ derived_tables.snapshot_date() }}

),

summed as (

    select
        carrier_code,
        max(flight_date) as last_flight_date,
        sum(scheduled_flights) as scheduled_flights,
        sum(cancelled_flights) as cancelled_flights,
        sum(landed_flights) as landed_flights,
        sum(on_time_arrivals) as on_time_arrivals,
        sum(arrival_delay_minutes) as arrival_delay_minutes
    from known
    group by carrier_code

),

final as (

    select
        cast({{ derived_tables.snapshot_date() }} as varchar) || '_' || carrier_code as carrier_snapshot_id,
        carrier_code,
        last_flight_date,
        cast(scheduled_flights as bigint) as scheduled_flights,
        cast(cancelled_flights as bigint) as cancelled_flights,
        cast(landed_flights as bigint) as landed_flights,
        cast(arrival_delay_minutes as double) / nullif(landed_flights, 0) as mean_arrival_delay_minutes,
        cast(on_time_arrivals as double) / nullif(landed_flights, 0) as on_time_arrival_share,
        {{ derived_tables.snapshot_date() }} as snapshot_date
    from summed

)

select * from final
