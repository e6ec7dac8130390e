{#- Returns the CREATE TABLE AS that writes the rows of one partition of a Hive table into few files, in the table's own
    format: as many buckets as files. -#}

{%- macro _compacting_query(table, partition, rows, folder) -%}
    {%- set entry = adapter.get_glue_table(table.relation)['Table'] -%}
    {%- set storage = entry['StorageDescriptor'] -%}
    {%- set library = storage['SerdeInfo']['SerializationLibrary'] | lower -%}
    {%- set format = 'parquet' if 'parquet' in library else 'orc' if 'orc' in library else none -%}
    {%- if not format -%}
        {%- do derived_tables._invalid(
            'compact_snapshots', table.relation | string, 'stored as Parquet or ORC', library,
            'Other formats cannot be written back without a change.'
        ) -%}
    {%- endif -%}
    {%- set names = [] -%}
    {%- set bucketed = [] -%}
    {%- for column in storage['Columns'] -%}
        {%- do names.append(adapter.quote(column['Name'])) -%}
        {%- if modules.re.fullmatch('tinyint|smallint|int|bigint|string|date|(?:var)?char[(].*', column['Type']) -%}
            {%- do bucketed.append(column['Name']) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set properties = ["table_type = 'hive'", "format = '" ~ format ~ "'"] -%}
    {%- set compression = table.node.config.get('write_compression') if table.node else none -%}
    {%- if compression -%}
        {%- do properties.append("write_compression = '" ~ compression ~ "'") -%}
    {%- endif -%}
    {%- if bucketed -%}
        {%- do properties.append("bucketed_by = array['" ~ bucketed[0] ~ "']") -%}
        {%- do properties.append('bucket_count = ' ~ derived_tables._files_needed(partition)) -%}
    {%- endif -%}
    {%- if not adapter.is_work_group_output_location_enforced() -%}
        {%- do properties.append("external_location = '" ~ folder.replace("'", "''") ~ "/'") -%}
    {%- endif -%}
    {{- return(
        'create table ' ~ rows ~ '\nwith (\n    ' ~ properties | join(',\n    ') ~ '\n)\nas select\n    '
        ~ names | join(',\n    ') ~ '\nfrom ' ~ table.relation ~ '\nwhere ' ~ partition.where
    ) -}}
{%- endmacro -%}
