{#- Prints, as JSON on one line, what `derived-tables backfill-snapshots` has to know of models: their grain and the dates of
    the snapshots that they hold. Raises for a model that the project has not, or that keeps no snapshots. -#}

{%- macro _print_backfill_state(models) -%}
    {%- set found = {} -%}
    {%- for model in models -%}
        {%- set table = derived_tables._snapshot_model('backfill_snapshots', model) -%}
        {%- for node in graph.nodes.values() if model in (node.name, node.unique_id) and node.resource_type == 'model' -%}
            {%- if node.config.materialized not in ('snapshot_append', 'incremental') -%}
                {%- do derived_tables._invalid(
                    'backfill_snapshots', '`' ~ model ~ '`', 'a model with `materialized: snapshot_append` or `incremental`',
                    node.config.materialized, 'A run of any other model replaces what earlier dates have left.'
                ) -%}
            {%- endif -%}
            {%- set days = derived_tables._snapshots('backfill_snapshots', table) | map(attribute='day') | list if table -%}
            {%- do found.update({model: {'grain': node.config.get('snapshot_grain') or 'day', 'dates': days or []}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do print('derived_tables: ' ~ tojson(found)) -%}
{%- endmacro -%}
