{#- Raises where a table cannot lose a column: where columns are found in files by their place, every column behind it
    would be read from the wrong one. -#}

{%- macro _check_removable(snapshot, gone) -%}
    {%- set format = config.get('format', 'parquet') | lower -%}
    {%- if target.type == 'athena' and snapshot.table_type == 'hive' and format not in ('parquet', 'json', 'avro') -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the query of `' ~ model.name ~ '`', 'one with the columns of ' ~ this
            ~ ': Athena finds the columns of `' ~ format ~ '` by their place, so none can be removed',
            'missing: ' ~ gone, 'Set `on_schema_change: append_new_columns`: then they are null from now on.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
