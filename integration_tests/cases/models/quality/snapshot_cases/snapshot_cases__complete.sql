{{ config(partitioned_by=['snapshot_date'] if target.type == 'athena' else none) }}

select
    customer_id,
    balance,
    cast(snapshot_date as date) as snapshot_date
from (
    values
    (1, 10, '2024-01-01'), (2, 20, '2024-01-01'), (3, 30, '2024-01-01'), (4, 40, '2024-01-01'),
    (1, 10, '2024-01-02'), (2, 20, '2024-01-02'), (3, 30, '2024-01-02'), (4, 40, '2024-01-02'),
    (1, 10, '2024-01-03'), (2, 20, '2024-01-03'), (3, 30, '2024-01-03'), (4, 40, '2024-01-03'), (5, 50, '2024-01-03')
) as given (customer_id, balance, snapshot_date)
