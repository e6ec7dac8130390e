{#- Raises if a node would replace a table that holds snapshots, or append to those of another node. -#}

{%- macro _check_snapshots_stay(node) -%}
    {%- set table = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
    {%- set is_kept = node.config.materialized == 'snapshot_append' -%}
    {%- set mark = derived_tables._mark_of(table) -%}
    {%- if load_relation(mark) and not (is_kept and load_relation(derived_tables._mark_of(table, node))) -%}
        {%- if not load_relation(table) -%}
            {#- Somebody has dropped it. -#}
            {%- do derived_tables._drop_marks(table) -%}
        {%- elif not (var('discard_snapshots', false) is true and (flags.FULL_REFRESH or not is_kept)) -%}
            {%- set owner = run_query('select node from ' ~ mark).rows[0][0] -%}
            {%- set remedy = ('Set `materialized` back to `snapshot_append`' if owner == node.unique_id
                else 'Give it another name or `alias`') ~ '; or, to replace the table without its snapshots, add '
                ~ '`--vars \'discard_snapshots: true\'`' ~ (' and `--full-refresh`. To hand the table and its '
                ~ 'snapshots over to it, drop the view ' ~ mark ~ ' first' if is_kept) ~ '.' -%}
            {%- do derived_tables._invalid(
                'check_run', 'the node that makes ' ~ table,
                '`' ~ owner ~ '` with `materialized: snapshot_append`, whose snapshots it holds',
                node.unique_id ~ '` with `materialized: ' ~ node.config.materialized, remedy
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro -%}
