{#- Returns how the files of a Hive table are read, as the configs `format` and `field_delimiter` write it; for a table
    that others made, what tells it from these. Files of two formats in one table make it unreadable, or silently
    null. -#}

{%- macro _storage_format(table) -%}
    {%- set library = table.serde.get('SerializationLibrary', '').split('.')[-1] -%}
    {%- set settings = table.serde.get('Parameters', {}) -%}
    {%- for format, word in (
        ('parquet', 'parquet'), ('orc', 'orc'), ('avro', 'avro'), ('json', 'json'), ('textfile', 'lazysimple')
    ) if word in library | lower -%}
        {%- set delimiter = settings.get('field.delim', '\x01') if format == 'textfile' -%}
        {%- set special = ['skip.header.line.count', 'line.delim', 'escape.delim', 'serialization.null.format']
            | select('in', dict(table.parameters, **settings)) | list if format == 'textfile' -%}
        {{- return(format ~ (' delimited by ' ~ delimiter | tojson if delimiter) ~ (' with ' ~ special if special)) -}}
    {%- endfor -%}
    {{- return(library or 'unknown') -}}
{%- endmacro -%}
