{#- Returns what `on_schema_change` makes of a query and the table it goes to: {columns, added, removed}. `columns` are
    those the query is to give, in the table's order: [{name, type, is_missing, is_wider}]. Raises where the two do not
    fit, before anything is written. Types: of Athena as in DML; base names are compared. -#}

{%- macro _schema_change(snapshot, query_columns, table_columns) -%}
    {%- set is_contract = config.get('contract').enforced -%}
    {%- set mode = 'fail' if is_contract and snapshot.on_schema_change == 'ignore' else snapshot.on_schema_change -%}
    {%- set in_query = {} -%}
    {%- for column in query_columns -%}
        {%- do in_query.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {%- set in_table = {} -%}
    {%- for column in table_columns -%}
        {%- do in_table.update({column.name | lower: column}) -%}
    {%- endfor -%}
    {%- if snapshot.column not in in_table -%}
        {%- do derived_tables._invalid(
            'snapshot_append', this | string,
            'a table with the column `' ~ snapshot.column ~ '`, as `partitioned_by` says',
            in_table.keys() | join(', '), derived_tables._build_anew()
        ) -%}
    {%- endif -%}
    {%- set change = {'columns': [], 'added': [], 'removed': []} -%}
    {%- for column in query_columns if column.name | lower not in in_table -%}
        {%- do change.added.append(column) -%}
    {%- endfor -%}
    {%- for column in table_columns if column.name | lower not in in_query -%}
        {%- do change.removed.append(column) -%}
    {%- endfor -%}
    {%- set new = change.added | map(attribute='name') | join(', ') -%}
    {%- set gone = change.removed | map(attribute='name') | join(', ') -%}
    {%- set of_table = 'the query of `' ~ model.name ~ '`' -%}
    {%- if mode == 'fail' and (new or gone) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', of_table, 'one with the columns of ' ~ this ~ ' (`on_schema_change: fail`'
            ~ (', as the contract wants' if snapshot.on_schema_change == 'ignore' else '') ~ ')',
            'new: ' ~ (new or 'none') ~ '; missing: ' ~ (gone or 'none'),
            'Change the query, or `on_schema_change`.'
        ) -%}
    {%- elif gone and (mode == 'ignore' or (is_contract and mode == 'append_new_columns')) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', of_table, 'one with the columns of ' ~ this, 'missing: ' ~ gone,
            'Add them to the query, e.g. as nulls, or set '
            ~ ('' if is_contract else '`on_schema_change: append_new_columns` (then they are null) or ')
            ~ '`on_schema_change: sync_all_columns` (then the table loses them).'
        ) -%}
    {%- elif gone and mode == 'sync_all_columns' -%}
        {%- do derived_tables._check_removable(snapshot, gone) -%}
    {%- elif new and mode == 'ignore' -%}
        {%- do log(
            'derived_tables.snapshot_append: ' ~ this ~ ' leaves out ' ~ new ~ ': `on_schema_change` is `ignore`',
            info=true
        ) -%}
        {%- do change.update({'added': []}) -%}
    {%- endif -%}
    {%- if mode != 'sync_all_columns' -%}
        {%- do change.update({'removed': []}) -%}
    {%- endif -%}
    {%- set keys = [] -%}
    {%- for column in table_columns -%}
        {%- set found = in_query.get(column.name | lower) -%}
        {%- set is_key = column.name | lower == snapshot.column
            or (snapshot.table_type == 'hive' and column.name | lower in snapshot.partitioned_by) -%}
        {%- if found -%}
            {%- set is_wider = derived_tables._is_wider(snapshot, column, found, is_key) -%}
            {%- do (keys if is_key else change.columns).append(
                {'name': column.name, 'type': column.type, 'is_wider': is_wider}
            ) -%}
        {%- elif mode != 'sync_all_columns' -%}
            {%- do change.columns.append({'name': column.name, 'type': column.type, 'is_missing': true}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for column in change.added -%}
        {%- do change.columns.append(
            dict(column, is_wider=derived_tables._is_wider(snapshot, column, column))
        ) -%}
    {%- endfor -%}
    {%- do change.columns.extend(keys) -%}
    {{- return(change) -}}
{%- endmacro -%}
