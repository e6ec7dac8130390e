{#- Raises if a node of this run would write where another environment does, or replace snapshots. Later is too late:
    dbt's own materializations drop tables, and upload seeds, before anything of this package runs. -#}

{%- macro _check_nodes() -%}
    {%- for id in selected_resources if id in graph.nodes -%}
        {%- set node = graph.nodes[id] -%}
        {%- set temp_schema = node.config.temp_schema -%}
        {%- if node.config.external_location -%}
            {%- set setting, given = 'external_location', node.config.external_location -%}
            {%- set remedy = 'Remove it: the package places each table. Where many models say '
                ~ '`external_location=generate_s3_location()`, docs/adopting.md has a macro that lets them stay.' -%}
        {%- elif node.config.materialized == 'external' and node.schema not in (node.config.location or '') -%}
            {%- set setting, given = 'location', node.config.location -%}
            {%- set remedy = 'Put the database into it, which differs by environment: `' ~ node.schema ~ '`.' -%}
        {%- elif temp_schema and not temp_schema.endswith(derived_tables.database_suffix()) -%}
            {%- set setting, given = 'temp_schema', temp_schema -%}
            {%- set remedy = 'Add {{ derived_tables.database_suffix() }} to it, or remove it.' -%}
        {%- endif -%}
        {%- if setting -%}
            {%- do derived_tables._invalid(
                'check_run', '`' ~ setting ~ '` of `' ~ node.original_file_path ~ '`',
                'one for each environment, because all would write there', given, remedy
            ) -%}
        {%- elif target.type == 'athena' and node.resource_type != 'test' -%}
            {%- do derived_tables._require_storage_config('check_run', node.config) -%}
        {%- endif -%}
        {%- if node.resource_type in ('model', 'seed', 'snapshot') and node.config.materialized != 'ephemeral' -%}
            {%- do derived_tables._check_snapshots_stay(node) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
