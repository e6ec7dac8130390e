{#- Returns the SQL condition that is true of a row for which an assertion does not hold, among the rows of its scope.
    Nulls hold, except where the kind is about them; NaN is in no range. Kinds that count rows fail by that number, so
    their condition is that of rows which do not count. -#}

{%- macro _failing_condition(test, assertion) -%}
    {%- set kind = assertion.kind -%}
    {%- set column = derived_tables._quoted(test, [assertion.column]) -%}
    {%- set or_equal = '=' if assertion.get('inclusive', not assertion.strictly) -%}
    {%- set subject = 'length(' ~ column ~ ')' if kind == 'length_between' else column -%}
    {%- set bounds, values = [], [] -%}
    {%- for key, sign in (('min', '>'), ('max', '<')) if key in assertion -%}
        {%- do bounds.append(
            'not ' ~ subject ~ ' ' ~ sign ~ or_equal ~ ' ' ~ derived_tables._bound(assertion[key])
        ) -%}
    {%- endfor -%}
    {%- for value in assertion.get('values', []) -%}
        {%- do values.append(derived_tables._literal(value)) -%}
    {%- endfor -%}
    {%- set groups = [
        assertion.scope, column ~ ' is null' if column, derived_tables._quoted(test, assertion.partition_by or [])
    ] | select | join(', ') -%}
    {%- set order = derived_tables._quoted(test, [assertion.order_by, assertion.lower, assertion.upper]) -%}
    {%- set is_null = '{column} is null' -%}
    {{- return({
        'not_null': is_null,
        'at_least_one': is_null,
        'proportion_not_null': is_null,
        'row_count_between': 'false',
        'unique': '{incomplete}',
        'not_empty_string': "trim({column}) = ''",
        'accepted_values': 'not {column} in ({values})',
        'not_accepted_values': '{column} in ({values})',
        'between': '{bounds}',
        'length_between': '{bounds}',
        'matches': 'not {matches}',
        'expression': 'not ({expression})',
        'relationships': '{column} is not null and dbt_parent_{number} is null',
        'monotonic': 'not {column} >{or_equal} lag({column}){window}',
        'mutually_exclusive_ranges': 'not (coalesce({lower} <{zero} {upper}, false)'
            ~ ' and coalesce({upper} {gap} lead({lower}){window}, lead(1){window} is null))'
    }[kind].format(
        column=column, values=values | join(', '), bounds=bounds | join(' or '), or_equal=or_equal,
        incomplete=assertion.incomplete if assertion.nulls == 'fail' else 'false',
        matches=derived_tables.matches_pattern(column, assertion.pattern) if kind == 'matches',
        expression=assertion.expression, number=assertion.number,
        lower=derived_tables._quoted(test, [assertion.lower]), upper=derived_tables._quoted(test, [assertion.upper]),
        zero='=' if assertion.zero_length, gap={'not_allowed': '=', 'required': '<'}.get(assertion.gaps, '<='),
        window=' over (partition by ' ~ groups ~ ' order by ' ~ order ~ ')'
    )) -}}
{%- endmacro -%}
