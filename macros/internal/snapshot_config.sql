{#- Returns what a model says of its snapshots; raises for configs that cannot work, before anything is written.

    {column, partitioned_by, day, text, is_date, table_type, on_schema_change}: the snapshot column; all partition
    columns, in lower case, of Iceberg with their transforms; the date, and the text that stands for it in the partition
    column. -#}

{%- macro _snapshot_config() -%}
    {%- set of_model = '`' ~ model.name ~ '`' -%}
    {%- set table_type = resolve_table_type() if target.type == 'athena' and resolve_table_type is defined
        else config.get('table_type', 'hive') -%}
    {%- set given = config.get('partitioned_by') -%}
    {%- set keys = given if given is iterable and given is not string and given is not mapping else [] -%}
    {%- set keys = keys | map('string') | map('trim') | list -%}
    {%- set name = '[a-z0-9_]+' -%}
    {%- set is_good = keys and modules.re.fullmatch(name, keys[0])
        and (table_type == 'iceberg' or modules.re.fullmatch(name ~ '(,' ~ name ~ ')*', keys | join(','))) -%}
    {%- if not is_good -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`partitioned_by` of ' ~ of_model,
            'a list of columns in lower case, the snapshot column first', given,
            "Set it, e.g. `config(materialized='snapshot_append', partitioned_by=['snapshot_date'])`, and end the "
            ~ 'query with\n    {{ derived_tables.snapshot_date() }} as snapshot_date'
        ) -%}
    {%- endif -%}
    {%- if keys | unique | list != keys -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`partitioned_by` of ' ~ of_model, 'without repetition', given, 'Name each column once.'
        ) -%}
    {%- endif -%}
    {%- if config.get('external_location') -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`external_location` of ' ~ of_model, 'left out', config.get('external_location'),
            'Each snapshot gets a fresh location of its own below the table: a fixed one would be overwritten.'
        ) -%}
    {%- endif -%}
    {%- if table_type not in ('hive', 'iceberg') -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`table_type` of ' ~ of_model, '`hive` or `iceberg`', table_type, 'Correct it.'
        ) -%}
    {%- endif -%}
    {%- if target.type == 'athena' and table_type == 'hive' and this.identifier | length > 170 -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the name of ' ~ this, 'at most 170 characters', this.identifier | length,
            'Runs name tables after it in Glue, which takes 255.'
        ) -%}
    {%- endif -%}
    {%- set on_schema_change = config.get('on_schema_change') or 'ignore' -%}
    {%- set allowed = ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'] -%}
    {%- if on_schema_change not in allowed -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`on_schema_change` of ' ~ of_model, 'one of `' ~ allowed | join('`, `') ~ '`',
            on_schema_change, 'Without it, it is `ignore`.'
        ) -%}
    {%- endif -%}
    {%- set format = config.get('snapshot_format') -%}
    {%- set day = derived_tables._snapshot_day('snapshot_append', none) -%}
    {%- set text = derived_tables._formatted_day('snapshot_append', day, '%Y-%m-%d' if format is none else format) -%}
    {%- set needed = '%m' if config.get('snapshot_grain') == 'month' else '%d' -%}
    {%- if format and (needed not in format or '%m' not in format) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`snapshot_format` of ' ~ of_model, 'another text for each snapshot', format,
            'Write `%Y%m%d`; or, with `snapshot_grain: month`, `%Y%m`.'
        ) -%}
    {%- endif -%}
    {{- return({
        'column': keys[0],
        'partitioned_by': keys,
        'day': day,
        'text': text,
        'is_date': format is none,
        'table_type': table_type,
        'on_schema_change': on_schema_change
    }) -}}
{%- endmacro -%}
