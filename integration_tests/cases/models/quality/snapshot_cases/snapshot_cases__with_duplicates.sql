{{ config(partitioned_by=['snapshot_date'] if target.type == 'athena' else none) }}

select
    customer_id,
    account,
    cast(snapshot_date as date) as snapshot_date
from (
    values
    (1, 'savings', '2024-01-01'), (1, 'savings', '2024-01-01'), (1, 'savings', '2024-01-01'), (2, null, '2024-01-01'),
    (2, null, '2024-01-01'), (1, 'savings', '2024-01-02'), (1, 'loan', '2024-01-02')
) as given (customer_id, account, snapshot_date)
