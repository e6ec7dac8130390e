{{ config(partitioned_by=['snapshot_date'] if target.type == 'athena' else none) }}

-- 6 and 7 January 2024 are a Saturday and a Sunday.
select
    customer_id,
    cast(snapshot_date as date) as snapshot_date
from (
    values
    (1, '2024-01-02'), (1, '2024-01-04'), (2, '2024-01-04'), (1, '2024-01-08')
) as given (customer_id, snapshot_date)
