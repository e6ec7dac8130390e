{#- Returns what a model says of its snapshots; raises for configs that cannot work. `kind` is that of the table.

    {kind, format, table_type, column, partitioned_by, text, is_date, on_schema_change}: the snapshot column; all
    partition columns, in lower case, of Iceberg with their transforms; the text that stands for the date in the
    snapshot column, and whether the column is a date. -#}

{%- macro _snapshot_config(kind) -%}
    {%- set given = config.get('partitioned_by') -%}
    {%- set table_type = config.get('table_type', 'hive') if kind == 'duckdb' else kind -%}
    {%- do derived_tables._require_one_of(
        'snapshot_append', '`table_type` of `' ~ model.name ~ '`', ['hive', 'iceberg'], table_type,
        'The default is `hive`.'
    ) -%}
    {%- set is_list = given is sequence and given is not string and given is not mapping -%}
    {%- set keys = (given if is_list else []) | map('string') | map('trim') | list -%}
    {%- set name = '[a-z0-9_]+' -%}
    {%- set pattern = name ~ '(,.*)?' if table_type == 'iceberg' else name ~ '(,' ~ name ~ ')*' -%}
    {%- if not modules.re.fullmatch(pattern, keys | join(',')) -%}
        {%- do derived_tables._refuse_snapshot(
            '`partitioned_by`', 'a list of columns in lower case that begins with the snapshot column', given,
            "Set it, e.g. `config(materialized='snapshot_append', partitioned_by=['snapshot_date'])`, and end the "
            ~ 'query with\n    {{ derived_tables.snapshot_date() }} as snapshot_date'
        ) -%}
    {%- elif keys | unique | list != keys -%}
        {%- do derived_tables._refuse_snapshot(
            '`partitioned_by`', 'without repetition', given, 'Name each column once.'
        ) -%}
    {%- elif kind != 'duckdb' and this.identifier | length > 170 -%}
        {%- do derived_tables._refuse_snapshot(
            'the table name', 'at most 170 characters long', this.identifier | length,
            'Runs add to it in the names of Glue tables, which have at most 255.'
        ) -%}
    {%- endif -%}
    {%- set on_schema_change = config.get('on_schema_change') or 'ignore' -%}
    {%- do derived_tables._require_one_of(
        'snapshot_append', '`on_schema_change` of `' ~ model.name ~ '`',
        ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'], on_schema_change, 'The default is `ignore`.'
    ) -%}
    {%- set format = config.get('snapshot_format') -%}
    {%- set day = derived_tables._snapshot_day('snapshot_append', none) -%}
    {%- set text = derived_tables._formatted_day('snapshot_append', day, '%Y-%m-%d' if format is none else format) -%}
    {%- set needed = '%m' if config.get('snapshot_grain') == 'month' else '%d' -%}
    {%- if format and (needed not in format or '%m' not in format) -%}
        {%- do derived_tables._refuse_snapshot(
            '`snapshot_format`', 'different for every snapshot date', format,
            'Write `%Y%m%d`; or, with `snapshot_grain: month`, `%Y%m`.'
        ) -%}
    {%- endif -%}
    {%- set file_format = (config.get('format') or 'parquet') | lower -%}
    {%- if file_format == 'textfile' -%}
        {%- set file_format = 'textfile delimited by ' ~ (config.get('field_delimiter') or '\x01') | tojson -%}
    {%- endif -%}
    {{- return({
        'kind': kind,
        'format': file_format,
        'table_type': table_type,
        'column': keys[0],
        'partitioned_by': keys,
        'text': text,
        'is_date': format is none,
        'on_schema_change': on_schema_change
    }) -}}
{%- endmacro -%}
