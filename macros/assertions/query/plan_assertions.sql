{#- Adds to checked assertions how the query evaluates them.

    `is_branch`: in a query of its own, which reads only what the statistics of the files cannot rule out; worth it
    where nothing else reads the column. `bit`, `counted_scope`: the conditions that are looked at in every row. `low`
    and `high`: where it is not rows that fail, what the number of those that hold, or their share, must lie between.
    `value`, `key_text`: SQL for what is shown of a row, or a repeated key. -#}

{%- macro _plan_assertions(checked, plan, shown) -%}
    {%- set read = [] -%}
    {%- for one in checked if one.kind not in ('not_null', 'between') -%}
        {%- do read.extend(one.label.split(', ')) -%}
    {%- endfor -%}
    {%- for one in checked -%}
        {%- set counts = one.kind in ('row_count_between', 'at_least_one', 'proportion_not_null') -%}
        {%- do one.update(
            is_branch=(
                plan == 'branches' and not (counts or one.columns or one.to or one.order_by or one.lower)
                and not one.limit_percent
                and (one.where is defined or (one.kind in ('not_null', 'between') and one.label not in read))
            ),
            counted_scope=one.scope if counts or one.limit_percent else none,
            low=one.get('min', 1 if one.kind == 'at_least_one' else 0) if counts else 'null',
            high=one.get('max', "'Infinity'") if counts else 'null',
            value=derived_tables._text_of([one.column], shown),
            key_text=derived_tables._text_of(one.columns or [], shown, 'dbt_key_' ~ one.number)
        ) -%}
        {%- do one.update(bit=none if one.is_branch or one.failing.endswith('(false)') else one.failing) -%}
    {%- endfor -%}
{%- endmacro -%}
