{#- Returns what is known of a table that keeps snapshots, from dbt's graph and the warehouse; none if there is no
    table.

    {relation, kind, is_projected, column, type, formats}: as `_stored_table` says it; the snapshot column and its type;
    how a text or a number in it may name a date. -#}

{%- macro _snapshot_table(macro_name, relation, column=none) -%}
    {#- Without what `--sample` or `--empty` add to a relation. -#}
    {%- set relation = api.Relation.create(
        database=relation.database, schema=relation.schema, identifier=relation.identifier
    ) -%}
    {%- set table = derived_tables._stored_table(relation) -%}
    {%- if not table -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- if table.kind == 'view' or (table.kind == 'hive' and not table.partitioned_by) -%}
        {%- do derived_tables._invalid(
            macro_name, relation | string, 'a table that is partitioned by its snapshot column',
            'a view' if table.kind == 'view' else 'a table without partitions',
            'Name the table that keeps the snapshots, e.g. a model with `materialized: snapshot_append`.'
        ) -%}
    {%- endif -%}
    {%- set model_of = namespace(config=none) -%}
    {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed', 'snapshot') -%}
        {%- for place in (node, node.defer_relation) if place and place.alias == relation.identifier
            and place.schema == relation.schema and (place.database or '') in ('', relation.database) -%}
            {%- set model_of.config = node.config -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set configured = model_of.config.get('partitioned_by') or [] if model_of.config else [] -%}
    {%- set configured = [configured] if configured is string else configured -%}
    {%- set named = column.split('.')[-1] if column else (configured + table.partitioned_by + ['snapshot_date'])[0] -%}
    {%- if table.kind == 'hive' -%}
        {%- set possible = table.partitioned_by -%}
    {%- elif table.kind == 'iceberg' and model_of.config -%}
        {%- set possible = configured -%}
    {%- else -%}
        {%- set possible = table.columns | map(attribute='name') | list -%}
    {%- endif -%}
    {%- set name = named | lower -%}
    {%- if name not in possible | map('lower') -%}
        {%- do derived_tables._invalid(
            macro_name, 'the snapshot column of ' ~ relation,
            'one of its ' ~ ('columns' if table.kind == 'duckdb' else 'partition columns')
            ~ ' (' ~ (possible | join(', ') or 'none') ~ ')', named,
            'Name a table that keeps snapshots, or its column: argument `column`, or the first of `partitioned_by`.'
        ) -%}
    {%- endif -%}
    {%- set format = model_of.config.get('snapshot_format') if model_of.config else none -%}
    {{- return({
        'relation': relation,
        'kind': table.kind,
        'is_projected': table.is_projected,
        'column': name,
        'type': table.columns | selectattr('id', 'equalto', name) | map(attribute='type') | first,
        'formats': [format] if format else ['%Y-%m-%d', '%Y%m%d']
    }) -}}
{%- endmacro -%}
