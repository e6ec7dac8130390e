{#- Returns what `on_schema_change` makes of the columns of a query and of the table it goes to: {columns, added,
    removed}. `columns` are those to write, in the table's order, see `_query_columns`, with {needs_cast, is_missing}.
    Raises where the two do not fit, before anything is written. -#}

{%- macro _schema_change(snapshot, query_columns, table_columns) -%}
    {%- set is_contract = config.get('contract').enforced -%}
    {%- set given = snapshot.on_schema_change -%}
    {%- set mode = 'fail' if is_contract and given == 'ignore' else given -%}
    {%- set added = query_columns | rejectattr('id', 'in', table_columns | map(attribute='id') | list) | list -%}
    {%- set removed = table_columns | rejectattr('id', 'in', query_columns | map(attribute='id') | list) | list -%}
    {%- set new = added | map(attribute='name') | join(', ') -%}
    {%- set gone = removed | map(attribute='name') | join(', ') -%}
    {%- set format = config.get('format', 'parquet') | lower -%}
    {%- if mode == 'fail' and (new or gone) -%}
        {%- do derived_tables._refuse_snapshot(
            'the query', 'a select of the columns of ' ~ this ~ ', because '
            ~ ('of its contract' if given == 'ignore' else '`on_schema_change` is `fail`'),
            'new: ' ~ (new or 'none') ~ '; missing: ' ~ (gone or 'none'), 'Change the query, or `on_schema_change`.'
        ) -%}
    {%- elif gone and (mode == 'ignore' or (is_contract and mode == 'append_new_columns')) -%}
        {%- do derived_tables._refuse_snapshot(
            'the query', 'a select of all columns of ' ~ this, 'missing: ' ~ gone,
            'Add them to the query, e.g. as nulls, or set '
            ~ ('' if is_contract else '`on_schema_change: append_new_columns` (they become null) or ')
            ~ '`on_schema_change: sync_all_columns` (the table loses them).'
        ) -%}
    {%- elif gone and mode == 'sync_all_columns' and snapshot.kind == 'hive'
        and format not in ('parquet', 'json', 'avro') -%}
        {%- do derived_tables._refuse_snapshot(
            'the query', 'a select of all columns of ' ~ this ~ ', because Athena finds those of `' ~ format
            ~ '` files by their position: every column after a removed one would be read from the wrong place',
            'missing: ' ~ gone, 'Set `on_schema_change: append_new_columns`: they become null.'
        ) -%}
    {%- elif new and mode == 'ignore' -%}
        {%- do log(
            'derived_tables.snapshot_append: ' ~ this ~ ' leaves out ' ~ new
            ~ ', because `on_schema_change` is `ignore`', info=true
        ) -%}
        {%- set added = [] -%}
    {%- endif -%}
    {%- if mode != 'sync_all_columns' -%}
        {%- set removed = [] -%}
    {%- endif -%}
    {%- set columns, keys = [], [] -%}
    {%- for column in table_columns + added if column not in removed -%}
        {%- set is_key = column.id == snapshot.column
            or (snapshot.table_type == 'hive' and column.id in snapshot.partitioned_by) -%}
        {%- set in_query = query_columns | selectattr('id', 'equalto', column.id) | first -%}
        {%- set needs_cast = in_query and derived_tables._needs_cast(in_query, column, is_key) -%}
        {%- do (keys if is_key else columns).append(
            dict(column, needs_cast=needs_cast, is_missing=not in_query)
        ) -%}
    {%- endfor -%}
    {{- return({'columns': columns + keys, 'added': added, 'removed': removed}) -}}
{%- endmacro -%}
