{#- Returns the value of the snapshot column as a SQL literal; raises unless the query ends with the partition columns,
    in order, and the snapshot column has a type that works. Iceberg takes partition columns from anywhere, and may
    transform them. -#}

{%- macro _check_snapshot_columns(snapshot, columns) -%}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {%- do names.append(column.name | lower) -%}
    {%- endfor -%}
    {%- set expected = snapshot.partitioned_by[:1] if snapshot.table_type == 'iceberg' else snapshot.partitioned_by -%}
    {%- set last = names[-(expected | length):] -%}
    {%- set is_right = expected[0] in names if snapshot.table_type == 'iceberg' else last == expected -%}
    {%- if not is_right or names | length == expected | length -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the query of `' ~ model.name ~ '`',
            'one that ' ~ ('has the column `' if snapshot.table_type == 'iceberg' else 'ends with the columns `')
            ~ expected | join(', ') ~ '`, after others',
            names | join(', '),
            'The partition columns (config `partitioned_by`) come last, in the same order. Snapshot column:\n'
            ~ '    {{ derived_tables.snapshot_date() }} as ' ~ snapshot.column
        ) -%}
    {%- endif -%}
    {%- set type = columns[names.index(snapshot.column)].type | lower -%}
    {%- if snapshot.is_date and type != 'date' -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the column `' ~ snapshot.column ~ '` of `' ~ model.name ~ '`', 'of the type `date`',
            type,
            'Use {{ derived_tables.snapshot_date() }}, or set `snapshot_format` (e.g. `%Y%m%d`) and use'
            ~ ' {{ derived_tables.snapshot_date_literal(format) }}.'
        ) -%}
    {%- endif -%}
    {%- set is_number = not snapshot.is_date and modules.re.fullmatch('u?(int|integer|bigint|hugeint)', type) -%}
    {%- if not snapshot.is_date and not is_number and not modules.re.match('varchar|char|string', type) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the column `' ~ snapshot.column ~ '` of `' ~ model.name ~ '`',
            'a text or a whole number, because `snapshot_format` is set', type,
            'Remove `snapshot_format` if the column is a date.'
        ) -%}
    {%- elif is_number and not modules.re.fullmatch('[1-9][0-9]*', snapshot.text) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`snapshot_format` of `' ~ model.name ~ '`', 'made of digits for a whole number',
            snapshot.text, 'Write `%Y%m%d`, or make the column a text.'
        ) -%}
    {%- endif -%}
    {%- set is_hive = target.type == 'athena' and snapshot.table_type == 'hive' -%}
    {%- for key in (snapshot.partitioned_by[1:] if is_hive else []) -%}
        {%- set type = columns[names.index(key)].type | lower -%}
        {%- if not modules.re.match('varchar|char|string|date$|boolean|tinyint|smallint|int|bigint', type) -%}
            {%- do derived_tables._invalid(
                'snapshot_append', 'the partition column `' ~ key ~ '` of `' ~ model.name ~ '`',
                'a text, a whole number, a date or a boolean', type,
                'Values of other types have no one name in S3 and Glue: cast it, e.g. to `varchar`.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set quoted = snapshot.text if is_number else "'" ~ snapshot.text ~ "'" -%}
    {{- return(('date ' if snapshot.is_date else '') ~ quoted) -}}
{%- endmacro -%}
