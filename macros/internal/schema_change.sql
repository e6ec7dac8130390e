{#- Returns what `on_schema_change` makes of a query and the table it goes to: {columns, added, removed}.
    `columns` are those the query is to give, in the table's order: [{name, type, is_missing, is_wider}].
    Raises where the two do not fit, before anything is written. Types: of Athena as in DML; base names are compared. -#}

{%- macro _schema_change(snapshot, query_columns, table_columns) -%}
    {%- set mode = snapshot.on_schema_change -%}
    {%- set in_query = {} -%}
    {%- for column in query_columns -%}
        {%- do in_query.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {%- set in_table = {} -%}
    {%- for column in table_columns -%}
        {%- do in_table.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {%- set added = query_columns | rejectattr('name', 'in', in_table.keys() | list) | list -%}
    {%- set removed = table_columns | rejectattr('name', 'in', in_query.keys() | list) | list -%}
    {%- set new = added | map(attribute='name') | join(', ') -%}
    {%- set gone = removed | map(attribute='name') | join(', ') -%}
    {%- set of_table = 'the query of `' ~ model.name ~ '`' -%}
    {%- if mode == 'fail' and (added or removed) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', of_table, 'one with the columns of ' ~ this ~ ' (`on_schema_change: fail`)',
            'new: ' ~ (new or 'none') ~ '; missing: ' ~ (gone or 'none'),
            'Change the query, or `on_schema_change`.'
        ) -%}
    {%- elif mode == 'ignore' and removed -%}
        {%- do derived_tables._invalid(
            'snapshot_append', of_table, 'one with the columns of ' ~ this, 'missing: ' ~ gone,
            'Add them to the query, e.g. as nulls, or set `on_schema_change: append_new_columns`'
            ~ ' (then they are null) or `sync_all_columns` (then the table loses them).'
        ) -%}
    {%- elif mode == 'ignore' and added -%}
        {%- do log(
            'derived_tables.snapshot_append: ' ~ this ~ ' leaves out ' ~ new ~ ': `on_schema_change` is `ignore`',
            info=true
        ) -%}
        {%- set added = [] -%}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in table_columns if column.name | lower not in snapshot.partitioned_by -%}
        {%- set found = in_query.get(column.name | lower) -%}
        {%- if found -%}
            {%- set is_wider = derived_tables._is_wider(snapshot, column, found) -%}
            {%- do columns.append({'name': column.name, 'type': column.type, 'is_wider': is_wider}) -%}
        {%- elif mode != 'sync_all_columns' -%}
            {%- do columns.append({'name': column.name, 'type': column.type, 'is_missing': true}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do columns.extend(added) -%}
    {%- for column in table_columns if column.name | lower in snapshot.partitioned_by -%}
        {%- do columns.append({'name': column.name, 'type': in_query[column.name | lower].type}) -%}
    {%- endfor -%}
    {{- return({
        'columns': columns, 'added': added, 'removed': removed if mode == 'sync_all_columns' else []
    }) -}}
{%- endmacro -%}
