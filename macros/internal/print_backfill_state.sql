{#- Prints, as JSON on one line, what `derived-tables backfill-snapshots` has to know of models: their grain and the
    dates of the snapshots that they hold. Raises for a model that the project has not, or that keeps no snapshots. -#}

{%- macro _print_backfill_state(models) -%}
    {%- set keeping = [] -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- do names.append(node.name) -%}
        {%- if node.config.materialized == 'snapshot_append' -%}
            {%- do keeping.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set found = {} -%}
    {%- for model in models -%}
        {%- if model not in names -%}
            {%- do derived_tables._invalid(
                'backfill_snapshots', '`--select`', 'names of models', model,
                'Models that keep snapshots: ' ~ (keeping | sort | join(', ') or 'none') ~ '.'
            ) -%}
        {%- endif -%}
        {%- for node in graph.nodes.values() if node.name == model and node.resource_type == 'model'
            and node.config.materialized not in ('snapshot_append', 'incremental') -%}
            {%- do derived_tables._invalid(
                'backfill_snapshots', '`' ~ model ~ '`',
                'a model with `materialized: snapshot_append` or `incremental`',
                node.config.materialized, 'A run of any other model replaces what earlier dates have left.'
            ) -%}
        {%- endfor -%}
        {%- set table = derived_tables._snapshot_model('backfill_snapshots', model) -%}
        {%- set snapshots = derived_tables._snapshots('backfill_snapshots', table) if table else [] -%}
        {%- if table and table.kind == 'hive' -%}
            {#- A date that is marked was interrupted: it may lack some of its partitions. -#}
            {%- set marks = derived_tables._snapshot_marks(table.relation) | map(attribute='identifier') | list -%}
            {%- set whole = [] -%}
            {%- for snapshot in snapshots
                if derived_tables._snapshot_lock(table.relation, snapshot).identifier not in marks -%}
                {%- do whole.append(snapshot) -%}
            {%- endfor -%}
            {%- set snapshots = whole -%}
        {%- endif -%}
        {%- for node in graph.nodes.values() if node.name == model and node.resource_type == 'model' -%}
            {%- do found.update({model: {
                'grain': node.config.get('snapshot_grain') or 'day', 'dates': snapshots | map(attribute='day') | list
            }}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do print('derived_tables: ' ~ tojson(found)) -%}
{%- endmacro -%}
