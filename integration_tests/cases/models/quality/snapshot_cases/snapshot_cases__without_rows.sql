{{ config(partitioned_by=['snapshot_date'] if target.type == 'athena' else none) }}

select
    1 as customer_id,
    date '2024-01-01' as snapshot_date
where false
