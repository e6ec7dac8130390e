with airlines as (

    select * from {{ ref('stg_nyc_flights__airlines') }}

),

carrier_groups as (

    select * from {{ ref('air_traffic_lookup__carrier_groups') }}

),

final as (

    select
        airlines.carrier_code,
        airlines.carrier_name,
        carrier_groups.carrier_group,
        carrier_groups.parent_group
    from airlines
    left join carrier_groups
        on airlines.carrier_code = carrier_groups.carrier_code

)

select * from final
