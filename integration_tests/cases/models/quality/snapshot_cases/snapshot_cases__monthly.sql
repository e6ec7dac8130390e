{{ config(partitioned_by=['extracted_in'] if target.type == 'athena' else none) }}

select
    customer_id,
    cast(extracted_in as varchar) as extracted_in
from (
    values
    (1, '11.2023'), (2, '11.2023'), (1, '12.2023'), (1, '02.2024'), (2, '02.2024'), (2, '02.2024')
) as given (customer_id, extracted_in)
