{#- Fails for each combination of values that is in a snapshot more than once. -#}

{%- test snapshots__unique_per_snapshot(
    model, columns, column='snapshot_date', latest_only=true, format=none
) -%}

{%- set name = 'snapshots__unique_per_snapshot' -%}
{%- do derived_tables._require_column_name(name, 'column', column) -%}
{%- if columns is string or columns is mapping or columns is not sequence or not columns -%}
    {%- do derived_tables._invalid(
        name, '`columns`', 'a list of the columns that are unique together', columns,
        'Write it as a list, e.g. `columns: [customer_id]`.'
    ) -%}
{%- endif -%}
{%- set keys = [] -%}
{%- for key in columns -%}
    {%- do derived_tables._require_column_name(name, 'each of `columns`', key) -%}
    {%- do keys.append(key | lower) -%}
{%- endfor -%}
{%- if column | lower in keys or keys | unique | list != keys -%}
    {%- do derived_tables._invalid(
        name, '`columns`', 'without repetition and without `' ~ column ~ '`', columns | join(', '),
        'The column of the snapshot is always part of the key: name the others, each once.'
    ) -%}
{%- endif -%}
{%- if latest_only is not boolean -%}
    {%- do derived_tables._invalid(
        name, '`latest_only`', 'true or false', latest_only, 'Leave it out to test the newest snapshot only.'
    ) -%}
{%- endif -%}
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
where {{ key[0] }} = {{ derived_tables._newest_snapshots(name, model, column, format, 1)[0] }}
{%- endif %}
group by
    {{ key | join(',\n    ') }}
having count(*) > 1

{%- endtest -%}
