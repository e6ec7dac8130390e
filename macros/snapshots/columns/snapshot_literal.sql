{#- Returns the date of this run as a SQL literal of the snapshot column's type; raises unless the query ends with the
    partition columns, in order, and their types work. Iceberg takes partition columns from anywhere, and may transform
    them. `columns` are those of the query. -#}

{%- macro _snapshot_literal(snapshot, columns) -%}
    {%- set names = columns | map(attribute='id') | list -%}
    {%- set is_iceberg = snapshot.table_type == 'iceberg' -%}
    {%- set keys = snapshot.partitioned_by[:1] if is_iceberg else snapshot.partitioned_by -%}
    {%- set is_right = keys[0] in names if is_iceberg else names[-(keys | length):] == keys -%}
    {%- if not is_right or names | length == keys | length -%}
        {%- do derived_tables._refuse_snapshot(
            'the query',
            ('a select with the column `' if is_iceberg else 'a select that ends with `') ~ keys | join(', ')
            ~ '`, after other columns',
            names | join(', '),
            'The columns in `partitioned_by` come last, in the same order. Write the snapshot column as\n'
            ~ '    {{ derived_tables.snapshot_date() }} as ' ~ snapshot.column
        ) -%}
    {%- endif -%}
    {%- set column = 'the column `' ~ snapshot.column ~ '`' -%}
    {%- set type = columns[names.index(snapshot.column)].type | lower -%}
    {%- if snapshot.is_date and type != 'date' -%}
        {%- do derived_tables._refuse_snapshot(
            column, 'of the type `date`', type,
            'Use {{ derived_tables.snapshot_date() }}, or set `snapshot_format` (e.g. `%Y%m%d`) and use'
            ~ ' {{ derived_tables.snapshot_date_literal(format) }}.'
        ) -%}
    {%- endif -%}
    {%- set is_number = not snapshot.is_date and modules.re.fullmatch('u?(int|integer|bigint|hugeint)', type) -%}
    {%- if not snapshot.is_date and not is_number and not modules.re.match('varchar|char|string', type) -%}
        {%- do derived_tables._refuse_snapshot(
            column, 'a text or a whole number, because `snapshot_format` is set', type,
            'Remove `snapshot_format` if the column is a date.'
        ) -%}
    {%- elif is_number and not modules.re.fullmatch('[1-9][0-9]*', snapshot.text) -%}
        {%- do derived_tables._refuse_snapshot(
            '`snapshot_format`', 'digits only, because the snapshot column is a whole number', snapshot.text,
            'Write `%Y%m%d`, or make the column a text.'
        ) -%}
    {%- endif -%}
    {%- for key in (keys[1:] if snapshot.kind == 'hive' else []) -%}
        {%- set type = columns[names.index(key)].type -%}
        {%- if not modules.re.match('varchar|char|string|date$|boolean|tinyint|smallint|int|bigint', type) -%}
            {%- do derived_tables._refuse_snapshot(
                'the partition column `' ~ key ~ '`', 'a text, a whole number, a date or a boolean', type,
                'Values of other types are written differently in S3 and Glue: cast it, e.g. to `varchar`.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set quoted = snapshot.text if is_number else "'" ~ snapshot.text ~ "'" -%}
    {{- return(('date ' if snapshot.is_date else '') ~ quoted) -}}
{%- endmacro -%}
