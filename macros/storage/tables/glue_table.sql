{#- Returns what Glue holds of a table or view on Athena; none if there is no such table.

    {relation, kind, location, partitioned_by, columns, serde, is_projected, parameters}: `kind` is `hive`, `iceberg` or
    `view`; `location` has no slash at its end; `partitioned_by` are names; `columns` are [{name, id, type,
    glue_type}], those of the partitions last, without what an Iceberg table had once: `id` is the name in lower
    case, `type` is written as in queries; `is_projected` says whether Athena works the partitions out itself
    (partition projection). -#}

{%- macro _glue_table(relation) -%}
    {%- set found = adapter.get_glue_table(relation) -%}
    {%- if not found -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set entry = found['Table'] -%}
    {%- set storage = entry.get('StorageDescriptor', {}) -%}
    {%- set parameters = entry.get('Parameters', {}) -%}
    {%- set is_iceberg = parameters.get('table_type', '') | upper == 'ICEBERG' -%}
    {%- set keys = entry.get('PartitionKeys', []) -%}
    {%- set columns = [] -%}
    {%- for column in storage.get('Columns', []) + keys
        if column.get('Parameters', {}).get('iceberg.field.current') != 'false' -%}
        {%- set type = column.get('Type', '') -%}
        {%- do columns.append({
            'name': column['Name'], 'id': column['Name'] | lower,
            'type': derived_tables._query_type(type), 'glue_type': type
        }) -%}
    {%- endfor -%}
    {{- return({
        'relation': relation,
        'kind': 'view' if entry.get('TableType') == 'VIRTUAL_VIEW' else 'iceberg' if is_iceberg else 'hive',
        'location': storage.get('Location', '').rstrip('/'),
        'partitioned_by': keys | map(attribute='Name') | list,
        'columns': columns,
        'serde': storage.get('SerdeInfo', {}),
        'is_projected': parameters.get('projection.enabled', '') | lower == 'true',
        'parameters': parameters
    }) -}}
{%- endmacro -%}
