{#- Returns the SQL condition that is true of a row for which an assertion does not hold, among the rows of its scope.
    Nulls hold, except where the kind is about them; NaN is in no range. Kinds that count rows fail by that number, so
    their condition is that of rows which do not count. -#}

{%- macro _failing_condition(test, assertion) -%}
    {%- set kind = assertion.kind -%}
    {%- set column = derived_tables._quoted(test, [assertion.column]) -%}
    {%- set or_equal = '=' if assertion.get('inclusive', not assertion.strictly) -%}
    {%- set subject = ('length(' ~ column ~ ')') if kind == 'length_between' else column -%}
    {%- set bounds = [] -%}
    {%- for key, sign in (('min', '>'), ('max', '<')) if key in assertion -%}
        {%- do bounds.append(
            'not ' ~ subject ~ ' ' ~ sign ~ or_equal ~ ' ' ~ derived_tables._bound(assertion[key])
        ) -%}
    {%- endfor -%}
    {%- set values = [] -%}
    {%- for value in assertion.get('values', []) -%}
        {%- do values.append(derived_tables._literal(value)) -%}
    {%- endfor -%}
    {%- set lower = derived_tables._quoted(test, [assertion.lower]) -%}
    {%- set upper = derived_tables._quoted(test, [assertion.upper]) -%}
    {%- set order = derived_tables._quoted(test, [assertion.order_by, assertion.lower, assertion.upper]) -%}
    {%- set groups = [
        assertion.scope, column ~ ' is null' if column, derived_tables._quoted(test, assertion.partition_by)
    ] | select | join(', ') -%}
    {%- set window = ' over (partition by ' ~ groups ~ ' order by ' ~ order ~ ')' -%}
    {%- set not_null = column ~ ' is not null' -%}
    {{- return({
        'not_null': column ~ ' is null',
        'at_least_one': column ~ ' is null',
        'proportion_not_null': column ~ ' is null',
        'row_count_between': 'false',
        'unique': assertion.incomplete if assertion.nulls == 'fail' else 'false',
        'not_empty_string': 'trim(' ~ column ~ ") = ''",
        'accepted_values': 'not ' ~ column ~ ' in (' ~ values | join(', ') ~ ')',
        'not_accepted_values': column ~ ' in (' ~ values | join(', ') ~ ')',
        'between': bounds | join(' or '),
        'length_between': bounds | join(' or '),
        'matches': kind == 'matches' and 'not ' ~ derived_tables.matches_pattern(column, assertion.pattern),
        'expression': 'not (' ~ assertion.expression ~ ')',
        'relationships': column ~ ' is not null and dbt_parent_' ~ assertion.number ~ ' is null',
        'monotonic': 'not ' ~ column ~ ' >' ~ or_equal ~ ' lag(' ~ column ~ ')' ~ window,
        'mutually_exclusive_ranges': 'not (coalesce(' ~ lower ~ ' <' ~ ('=' if assertion.zero_length) ~ ' ' ~ upper
            ~ ', false) and coalesce(' ~ upper ~ {'not_allowed': ' = ', 'required': ' < '}.get(assertion.gaps, ' <= ')
            ~ 'lead(' ~ lower ~ ')' ~ window ~ ', lead(1)' ~ window ~ ' is null))'
    }[kind]) -}}
{%- endmacro -%}
