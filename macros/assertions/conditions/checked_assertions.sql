{#- Returns the assertions of a test, checked and completed. Beside what was given, each has `number`, `name`, `label`
    (its columns), `limit_count` and `limit_percent` (of `max_failures`), and SQL conditions: `scope`, `failing` and
    `key`, that of the rows among which it is unique. -#}

{%- macro _checked_assertions(test, given, column_name) -%}
    {%- set remedy = 'docs/reference/tests.md says what each kind of assertion takes.' -%}
    {%- do derived_tables._require_list(test, '`assertions`', 'assertions', given or none, remedy) -%}
    {#- What each kind needs, and what else it takes. -#}
    {%- set kinds = {
        'not_null': 'column|max_failures',
        'not_empty_string': 'column|max_failures',
        'unique': 'columns|nulls max_failures',
        'accepted_values': 'column values|max_failures',
        'not_accepted_values': 'column values|max_failures',
        'between': 'column|min max inclusive max_failures',
        'length_between': 'column|min max inclusive max_failures',
        'matches': 'column pattern|max_failures',
        'expression': 'expression|column max_failures',
        'relationships': 'column to field|max_failures',
        'monotonic': 'column order_by|partition_by strictly max_failures',
        'mutually_exclusive_ranges': 'lower upper|partition_by gaps zero_length max_failures',
        'row_count_between': '|min max',
        'at_least_one': 'column|',
        'proportion_not_null': 'column|min max'
    } -%}
    {%- set found, names = [], [] -%}
    {%- for each in given -%}
        {%- set one = dict(each) if each is mapping else {} -%}
        {%- set kind = one.get('kind') -%}
        {%- do derived_tables._require_one_of(test, '`kind`', kinds | list, kind, remedy) -%}
        {%- set needed, taken = kinds[kind].split('|') -%}
        {%- if 'column' in needed and 'columns' not in one and column_name -%}
            {%- do one.setdefault('column', column_name) -%}
        {%- endif -%}
        {%- if kind == 'unique' and 'column' in one -%}
            {%- do one.update(columns=[one.pop('column')]) -%}
        {%- endif -%}
        {%- set allowed = ('kind name where severity description owner ' ~ needed ~ ' ' ~ taken).split() -%}
        {%- if one | reject('in', allowed) | list or needed.split() | reject('in', one) | list
            or ('min' in taken and 'min' not in one and 'max' not in one) -%}
            {%- do derived_tables._invalid(
                test, '`' ~ kind ~ '`',
                'given ' ~ (('`' ~ needed.replace(' ', '`, `') ~ '` and ') if needed) ~ 'what it needs of `'
                ~ allowed | join('`, `') ~ '`', one | join('`, `'), remedy
            ) -%}
        {%- endif -%}
        {%- for key in ('columns', 'partition_by', 'values') if key in one -%}
            {%- do derived_tables._require_list(test, '`' ~ key ~ '`', key, one[key] or none, remedy) -%}
        {%- endfor -%}
        {%- for key, choices in (
            ('severity', 'error warn ERROR WARN'), ('nulls', 'ignore equal fail'),
            ('gaps', 'allowed not_allowed required')
        ) if key in one -%}
            {%- do derived_tables._require_one_of(test, '`' ~ key ~ '`', choices.split(), one[key], remedy) -%}
        {%- endfor -%}
        {%- set limit = one.get('max_failures', 0) | string -%}
        {%- if not modules.re.fullmatch('[0-9]+([.][0-9]+)?%|[0-9]+', limit) -%}
            {%- do derived_tables._invalid(
                test, '`max_failures`', 'a number of rows or a percentage', limit, remedy
            ) -%}
        {%- endif -%}
        {%- set label = (one.columns or [one.column, one.lower, one.upper] | select) | join(', ') -%}
        {%- set name = one.name or (kind ~ ' ' ~ (label or one.expression or '')) | trim -%}
        {%- if name in names -%}
            {%- do derived_tables._invalid(
                test, '`name`', 'another for each assertion', name,
                'Give a `name` to those of the same kind and column.'
            ) -%}
        {%- endif -%}
        {%- do names.append(name) -%}
        {%- do one.update(
            name=name, label=label, severity=(one.severity or 'error') | lower,
            scope='(' ~ one.where ~ ')' if one.where else 'true', number=loop.index, key=none,
            limit_count=0 if '%' in limit else limit, limit_percent=limit.rstrip('%') if '%' in limit else 0
        ) -%}
        {%- if kind == 'unique' -%}
            {%- set complete = derived_tables._quoted(test, one.columns).replace(', ', ' is not null and ')
                ~ ' is not null' -%}
            {%- do one.update(
                incomplete='not (' ~ complete ~ ')', key=one.scope ~ (' and ' ~ complete if one.nulls != 'equal')
            ) -%}
        {%- endif -%}
        {%- do one.update(failing=one.scope ~ ' and (' ~ derived_tables._failing_condition(test, one) ~ ')') -%}
        {%- do found.append(one) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
