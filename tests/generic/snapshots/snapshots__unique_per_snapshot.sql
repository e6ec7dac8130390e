{#- Fails for each combination of values that is in a snapshot more than once. -#}

{%- test snapshots__unique_per_snapshot(
    model, columns=none, column='snapshot_date', latest_only=true, format=none, column_name=none
) -%}

{%- set name = 'snapshots__unique_per_snapshot' -%}
{%- set columns = columns or ([column_name] if column_name) -%}
{%- do derived_tables._require_column_name(name, '`column`', column) -%}
{%- do derived_tables._require_list(
    name, '`columns`', 'the columns that are unique together', columns or none,
    'Write it as a list, e.g. `columns: [customer_id]`.'
) -%}
{%- set keys = [] -%}
{%- for key in columns -%}
    {%- do derived_tables._require_column_name(name, 'each of `columns`', key) -%}
    {%- do keys.append(key | lower) -%}
{%- endfor -%}
{%- if column | lower in keys or keys | unique | list != keys -%}
    {%- do derived_tables._invalid(
        name, '`columns`', 'without repetition and without `' ~ column ~ '`', columns | join(', '),
        'The snapshot column is always part of the key: name the other columns, each once.'
    ) -%}
{%- endif -%}
{%- do derived_tables._require_boolean(
    name, '`latest_only`', latest_only, 'Leave it out to test only the newest snapshot.'
) -%}
{%- set key = [] -%}
{%- for part in [column] + columns | list -%}
    {%- do key.append(adapter.quote(part)) -%}
{%- endfor -%}

with checked as (
    select * from {{ model }}
)

select
    {{ key | join(',\n    ') }},
    count(*) as number_of_rows
from checked
{%- if latest_only %}
where {{ key[0] }} = {{ derived_tables._newest_snapshots(name, model, column, format)[0] }}
{%- endif %}
group by
    {{ key | join(',\n    ') }}
having count(*) > 1

{%- endtest -%}
