{#- Fails with one row for each assertion that does not hold; all are evaluated in one query. With `store_failures`, the
    rows that break them instead, up to `max_rows` for each.

    A row of the table becomes an array of numbers, in which each assertion that the row breaks sets a bit. Rows with
    equal arrays are counted together, in the same pass as the keys that must be unique. What a columnar file answers by
    its statistics is a branch of its own, so that it is pruned. -#}

{%- test assertions__hold(
    model, assertions, key_columns=[], additional_columns=[], max_rows=500, plan=none, column_name=none
) -%}

{{- config(
    fail_calc='coalesce(sum(case when failing_row = 1 then failures else 0 end), 0)',
    error_if="!= 0 and bool_or(severity = 'error')"
) -}}
{%- set name = 'assertions__hold' -%}
{%- do derived_tables._require_one_of(
    name, '`plan`', ['pass', 'branches', none], plan, 'Leave it out: it is chosen by the format of the table.'
) -%}
{%- if config.get('limit') -%}
    {#- dbt would cut off assertions with their rows. -#}
    {%- do derived_tables._invalid(
        name, '`limit`', 'left out', config.get('limit'),
        'Write `max_rows` under `arguments`: each assertion has so many.'
    ) -%}
{%- endif -%}
{%- set stored = should_store_failures() -%}
{%- set storage = derived_tables._tested_storage(model, stored) -%}
{%- set checked = derived_tables._checked_assertions(name, assertions, column_name) -%}
{%- do derived_tables._plan_assertions(checked, 'pass' if stored else plan or storage.plan, storage.shown) -%}
{%- set passed = checked | rejectattr('is_branch') | list -%}
{%- set unique = checked | selectattr('key') | list -%}
{%- set key = derived_tables._text_of(key_columns, storage.shown) -%}
{%- set located = derived_tables._quoted(name, key_columns + additional_columns) -%}
{%- set is_broken = 'mod(dbt_failing[word], 2 * bit) >= bit' -%}
{%- set sql %}

with checked as (
    select * from {{ model }}
),

assertions as (
    select *
    from (values
        {%- for one in checked %}
        (
            {{ loop.index }}, {{ derived_tables._literal(one.name) }}, {{ derived_tables._literal(one.label) }},
            '{{ one.kind }}', '{{ one.severity }}', {{ one.is_branch }}, {{ loop.index0 // 50 + 1 }},
            {{ 2 ** (loop.index0 % 50) }}, cast({{ one.low }} as double), cast({{ one.high }} as double),
            {{ one.kind == 'proportion_not_null' }}, {{ one.limit_count }}, {{ one.limit_percent }}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ) as listed (
        dbt_number, assertion, column_name, kind, severity, is_branch, word, bit, low, high, is_share, limit_count,
        limit_percent
    )
),
{%- if passed %}

marked as (
    select
        *,
        -- what is shown of a row: its key, and a value for each assertion
        case when dbt_failing <> array[{{ 'cast(0 as bigint)' ~ ', 0' * ((checked | length - 1) // 50) }}] then array[
            {{ key }},
            {{ checked | map(attribute='value') | join(',\n            ') }}
        ] end as dbt_texts
    from (
        select
            checked.*,
            {{ derived_tables._condition_bits(checked | map(attribute='bit')) }} as dbt_failing,
            {{ derived_tables._condition_bits(checked | map(attribute='counted_scope')) }} as dbt_scopes
            {%- for one in unique %},
            case when {{ one.key }} then row({{ derived_tables._quoted(name, one.columns) }}) end
                as dbt_key_{{ one.number }}
            {%- endfor %}
        from checked
        {%- for one in passed if one.to %}
        left join (select distinct {{ adapter.quote(one.field) }} as dbt_parent_{{ one.number }} from {{ one.to }})
            as dbt_parents_{{ one.number }}
            on {{ adapter.quote(one.column) }} = dbt_parent_{{ one.number }}
        {%- endfor %}
    ) as noted
),

grouped as (
    select
        dbt_failing,
        dbt_scopes,
        count(*) as number_of_rows,
        case
            {%- for one in unique %}
            when dbt_key_{{ one.number }} is not null then {{ one.number }}
            {%- endfor %}
            when false then 0
        end as repeated,
        case
            {%- for one in unique %}
            when dbt_key_{{ one.number }} is not null then array[null, {{ one.key_text }}]
            {%- endfor %}
            else max_by(dbt_texts, case when dbt_texts is not null then 1 end)
        end as texts
    from marked
    group by grouping sets (
        (dbt_failing, dbt_scopes)
        {%- for one in unique %}, (dbt_key_{{ one.number }}){%- endfor %}
    )
    having grouping(dbt_failing) = 0
        {%- for one in unique %} or (count(*) > 1 and dbt_key_{{ one.number }} is not null){%- endfor %}
),
{%- endif %}

counted as (
    {%- if passed %}
    select
        dbt_number,
        sum(case when repeated = dbt_number then 1 when {{ is_broken }} then number_of_rows else 0 end) as hits,
        sum(case when mod(dbt_scopes[word], 2 * bit) >= bit then number_of_rows else 0 end) as scope_rows,
        max_by(
            array[texts[1], texts[case when repeated is null then dbt_number + 1 else 2 end]],
            case when repeated = dbt_number or {{ is_broken }} then 1 end
        ) as example
    from assertions
    left join grouped on true
    where not is_branch
    group by dbt_number
    {%- endif %}
    {%- for one in checked if one.is_branch %}
    {{ 'union all' if passed or not loop.first }}
    select
        {{ one.number }} as dbt_number, count(*) as hits, 0 as scope_rows,
        max_by(array[{{ key }}, {{ one.value }}], 1) as example
    from checked
    where {{ one.failing }}
    {%- endfor %}
),

failed as (
    select *
    from (
        select
            assertions.*,
            counted.example,
            counted.scope_rows,
            case
                when low is null then hits
                when (scope_rows - hits) / case when is_share then nullif(cast(scope_rows as double), 0) else 1 end
                    not between low and high then 1
                else 0
            end as failures
        from assertions
        inner join counted on assertions.dbt_number = counted.dbt_number
    ) as judged
    where failures > limit_count and failures * 100 > limit_percent * scope_rows
        {%- if flags.EMPTY %}
        -- dbt runs with --empty: nothing has rows
        and false
        {%- endif %}
)
{%- if stored %},

numbered as (
    select
        *
        {%- for one in unique %},
        count(*) over (partition by dbt_key_{{ one.number }}) > 1 as dbt_repeated_{{ one.number }}
        {%- endfor %}
    from marked
)
{%- endif %}

select *
from (
    select
        {%- if stored %}
        {{ located ~ ',' if located }}
        {%- endif %}
        cast(assertion as {{ dbt.type_string() }}) as assertion,
        cast(column_name as {{ dbt.type_string() }}) as column_name,
        cast(kind as {{ dbt.type_string() }}) as kind,
        cast(severity as {{ dbt.type_string() }}) as severity,
        cast(failures as {{ dbt.type_bigint() }}) as failures,
        {%- if stored %}
        row_number() over (partition by dbt_number order by {{ located or 'dbt_number' }}) as failing_row,
        dbt_texts[dbt_number + 1] as failing_value
    from failed
    left join numbered
        on {{ is_broken }}
        {%- for one in unique %}
        or (dbt_number = {{ one.number }} and dbt_key_{{ one.number }} is not null and dbt_repeated_{{ one.number }})
        {%- endfor %}
        {%- else %}
        1 as failing_row,
        example[1] as example_key,
        example[2] as example_value
    from failed
        {%- endif %}
) as listed
where failing_row <= {{ max_rows }}
{%- endset -%}
{%- if sql.encode() | length > 260000 -%}
    {#- Of the 262,144 bytes that Athena takes, dbt needs some for what it puts around the test. -#}
    {%- do derived_tables._invalid(
        name, '`assertions`', 'fewer, for a query of at most 260000 bytes', sql.encode() | length ~ ' bytes',
        'Split them into two tests, each with its own `name`.'
    ) -%}
{%- endif -%}
{{- sql -}}

{%- endtest -%}
