{#- Returns what is known of a table that holds snapshots, from dbt's graph and Glue; none if there is no table.

    {relation, node, is_own, kind, is_projected, partitioned_by, column, formats}: the table; its model, if it is one,
    and whether that is a `snapshot_append`; `hive`, `iceberg` or `duckdb`; whether Athena works its partitions out
    itself (partition projection); its partition columns, as far as they are known; the
    snapshot column; how a text or a number of it may name a date. -#}

{%- macro _snapshot_table(macro_name, relation, column=none) -%}
    {%- set relation = api.Relation.create(
        database=relation.database, schema=relation.schema, identifier=relation.identifier
    ) -%}
    {%- set found = namespace(
        node=none, kind='duckdb', partitioned_by=[], columns=[], is_view=false, projects=false
    ) -%}
    {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed', 'snapshot') -%}
        {%- for place in (node, node.defer_relation) if place and place.alias == relation.identifier
            and place.schema == relation.schema and (place.database or '') in ('', relation.database) -%}
            {%- set found.node = node -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if target.type == 'athena' -%}
        {%- set entry = adapter.get_glue_table(relation) -%}
        {%- if not entry -%}
            {{- return(none) -}}
        {%- endif -%}
        {%- set table = entry['Table'] -%}
        {%- set is_iceberg = table.get('Parameters', {}).get('table_type', '') | upper == 'ICEBERG' -%}
        {%- set found.kind = 'iceberg' if is_iceberg else 'hive' -%}
        {%- set found.partitioned_by = table.get('PartitionKeys', []) | map(attribute='Name') | list -%}
        {%- set found.columns = table['StorageDescriptor'].get('Columns', []) | map(attribute='Name') | list -%}
        {%- set found.is_view = table.get('TableType') == 'VIRTUAL_VIEW' -%}
        {%- set found.projects = table.get('Parameters', {}).get('projection.enabled', '') | lower == 'true' -%}
    {%- elif target.type == 'duckdb' -%}
        {%- set existing = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
        {%- if not existing -%}
            {{- return(none) -}}
        {%- endif -%}
        {%- set found.columns = adapter.get_columns_in_relation(existing) | map(attribute='name') | list -%}
        {%- set found.is_view = existing.is_view -%}
    {%- else -%}
        {%- do derived_tables._invalid(
            macro_name, 'the adapter', '`athena` or `duckdb`', target.type, 'Snapshots are kept there only.'
        ) -%}
    {%- endif -%}
    {%- if found.is_view or (found.kind == 'hive' and not found.partitioned_by) -%}
        {%- do derived_tables._invalid(
            macro_name, relation | string, 'a table that is partitioned by its snapshot column',
            'a view' if found.is_view else 'a table without partitions',
            'Name the table that keeps the snapshots, e.g. a model with `materialized: snapshot_append`.'
        ) -%}
    {%- endif -%}
    {%- set configured = found.node.config.get('partitioned_by') or [] if found.node else [] -%}
    {%- set configured = [configured] if configured is string else configured -%}
    {%- set named = column.split('.')[-1] if column else (configured + found.partitioned_by + ['snapshot_date'])[0] -%}
    {%- if found.kind == 'hive' -%}
        {%- set possible = found.partitioned_by -%}
    {%- elif found.kind == 'iceberg' and found.node -%}
        {%- set possible = configured -%}
    {%- else -%}
        {%- set possible = found.columns -%}
    {%- endif -%}
    {%- if named | lower not in possible | map('lower') -%}
        {%- do derived_tables._invalid(
            macro_name, 'the snapshot column of ' ~ relation,
            'one of its ' ~ ('columns' if found.kind == 'duckdb' else 'partition columns')
            ~ ' (' ~ (possible | join(', ') or 'none') ~ ')', named,
            'Name a table that keeps snapshots, or the column (argument `column`, or first of `partitioned_by`).'
        ) -%}
    {%- endif -%}
    {%- set format = found.node.config.get('snapshot_format') if found.node else none -%}
    {{- return({
        'relation': relation,
        'node': found.node,
        'is_own': (found.node and found.node.config.materialized == 'snapshot_append') | default(false, true),
        'kind': found.kind,
        'is_projected': found.projects,
        'partitioned_by': found.partitioned_by or [named | lower],
        'column': named | lower,
        'formats': [format] if format else ['%Y-%m-%d', '%Y%m%d']
    }) -}}
{%- endmacro -%}
