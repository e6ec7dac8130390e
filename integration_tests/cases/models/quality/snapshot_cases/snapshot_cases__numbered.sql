{{ config(partitioned_by=['extracted_on'] if target.type == 'athena' else none) }}

select
    customer_id,
    cast(extracted_on as integer) as extracted_on
from (
    values
    (1, 20240229), (1, 20240301), (1, 20240301)
) as given (customer_id, extracted_on)
