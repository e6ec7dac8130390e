{#- Keeps a dated copy of the model's rows with every run: appends the partition of `derived_tables.snapshot_date()`, or
    replaces that partition and nothing else. -#}

{%- materialization snapshot_append, default -%}
    {%- do derived_tables._unsupported_adapter('snapshot_append') -%}
{%- endmaterialization -%}

{%- materialization snapshot_append, adapter='duckdb', supported_languages=['sql'] -%}
    {%- set snapshot = derived_tables._snapshot_plan('duckdb') -%}
    {{- run_hooks(pre_hooks, inside_transaction=false) -}}
    {{- run_hooks(pre_hooks, inside_transaction=true) -}}
    {%- do derived_tables._append_to_duckdb(snapshot) -%}
    {%- do derived_tables._mark_snapshots(snapshot.relation) -%}
    {%- do apply_grants(snapshot.relation, config.get('grants'), should_revoke=snapshot.table is not none) -%}
    {%- do persist_docs(snapshot.relation, model) -%}
    {{- run_hooks(post_hooks, inside_transaction=true) -}}
    {%- do adapter.commit() -%}
    {{- run_hooks(post_hooks, inside_transaction=false) -}}
    {{- return({'relations': [snapshot.relation]}) -}}
{%- endmaterialization -%}

{%- materialization snapshot_append, adapter='athena', supported_languages=['sql'] -%}
    {#- Older releases of dbt-athena have no `resolve_table_type`. -#}
    {%- set snapshot = derived_tables._snapshot_plan(
        resolve_table_type() if resolve_table_type is defined else config.get('table_type', 'hive')
    ) -%}
    {{- run_hooks(pre_hooks, inside_transaction=false) -}}
    {{- run_hooks(pre_hooks, inside_transaction=true) -}}
    {%- set replaces = snapshot.existing and not snapshot.table -%}
    {%- if replaces -%}
        {%- set snapshot = dict(snapshot, relation=derived_tables._replacement(snapshot.relation)) -%}
    {%- endif -%}
    {%- if flags.EMPTY -%}
        {%- do derived_tables._append_nothing(snapshot) -%}
    {%- elif snapshot.kind == 'iceberg' -%}
        {%- do derived_tables._append_to_iceberg(snapshot) -%}
    {%- else -%}
        {%- do derived_tables._append_to_hive(snapshot) -%}
    {%- endif -%}
    {%- if replaces -%}
        {%- set snapshot = dict(snapshot, relation=derived_tables._take_place(snapshot.relation, snapshot)) -%}
    {%- endif -%}
    {%- do derived_tables._mark_snapshots(snapshot.relation) -%}
    {%- do apply_grants(snapshot.relation, config.get('grants'), should_revoke=snapshot.table is not none) -%}
    {{- run_hooks(post_hooks, inside_transaction=true) -}}
    {%- do adapter.commit() -%}
    {{- run_hooks(post_hooks, inside_transaction=false) -}}
    {%- if config.get('lf_tags_config') is not none -%}
        {%- do adapter.add_lf_tags(snapshot.relation, config.get('lf_tags_config')) -%}
    {%- endif -%}
    {%- if config.get('lf_grants') is not none -%}
        {%- do adapter.apply_lf_grants(snapshot.relation, config.get('lf_grants')) -%}
    {%- endif -%}
    {%- do persist_docs(snapshot.relation, model) -%}
    {%- set versions_to_keep = config.get('versions_to_keep', 1) | as_number -%}
    {%- do adapter.expire_glue_table_versions(snapshot.relation, versions_to_keep, false) -%}
    {{- return({'relations': [snapshot.relation]}) -}}
{%- endmaterialization -%}
