{{ config(table_type='iceberg', partitioned_by=['snapshot_date'] if target.type == 'athena' else none) }}

select
    customer_id,
    balance,
    snapshot_date
from {{ ref('snapshot_cases__complete') }}
where snapshot_date != date '2024-01-02'
