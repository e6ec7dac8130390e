{#- Runs the materialization `snapshot_append`. What cannot work is refused before a hook has run or anything is
    written. -#}

{%- macro _snapshot_append() -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set existing = load_relation(this) -%}
    {%- set snapshot = derived_tables._snapshot_config() -%}
    {%- set columns = derived_tables._query_columns(compiled_code) -%}
    {%- if config.get('contract').enforced -%}
        {%- do get_assert_columns_equivalent(compiled_code) -%}
    {%- endif -%}
    {%- set snapshot = dict(snapshot, literal=derived_tables._check_snapshot_columns(snapshot, columns)) -%}
    {%- set is_in_glue = target.type == 'athena' and existing and not existing.is_view -%}
    {%- set entry = adapter.get_glue_table(existing)['Table'] if is_in_glue else none -%}
    {%- set exists = derived_tables._existing_snapshots(snapshot, existing, entry) -%}
    {%- if exists and flags.SAMPLE -%}
        {%- do derived_tables._invalid(
            'snapshot_append', '`' ~ model.name ~ '`', 'run without `--sample`', 'a sample',
            'A sample would take the place of the snapshot of ' ~ snapshot.text ~ '. Leave the flag out, '
            ~ 'or exclude the model.'
        ) -%}
    {%- endif -%}
    {%- set table_columns = derived_tables._table_columns(snapshot, relation, entry) if exists else columns -%}
    {%- if exists and target.type == 'athena' -%}
        {%- set columns = derived_tables._with_decimals(columns, table_columns, compiled_code) -%}
    {%- endif -%}
    {%- set change = derived_tables._schema_change(snapshot, columns, table_columns) -%}

    {{- run_hooks(pre_hooks, inside_transaction=false) -}}
    {{- run_hooks(pre_hooks, inside_transaction=true) -}}
    {%- if existing and not exists -%}
        {%- if target.type == 'duckdb' -%}
            {#- Not `drop_relation`, which is no part of the transaction: if the query fails, what was there stays. -#}
            {%- call statement('drop') -%}
                drop {{ existing.type }} if exists {{ existing }}
            {%- endcall -%}
        {%- else -%}
            {%- do drop_relation(existing) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if flags.EMPTY -%}
        {%- do derived_tables._append_nothing(snapshot, change, relation, exists, compiled_code) -%}
    {%- elif target.type == 'duckdb' -%}
        {%- do derived_tables._append_to_duckdb(snapshot, change, relation, exists, compiled_code) -%}
    {%- elif snapshot.table_type == 'iceberg' -%}
        {%- do derived_tables._append_to_iceberg(snapshot, change, relation, exists, compiled_code) -%}
    {%- else -%}
        {%- do derived_tables._append_to_hive(
            snapshot, change, relation, entry if exists else none, compiled_code
        ) -%}
    {%- endif -%}
    {%- do apply_grants(relation, config.get('grants'), should_revoke=exists) -%}
    {%- if target.type == 'duckdb' -%}
        {%- do persist_docs(relation, model) -%}
    {%- endif -%}
    {{- run_hooks(post_hooks, inside_transaction=true) -}}
    {%- do adapter.commit() -%}
    {{- run_hooks(post_hooks, inside_transaction=false) -}}

    {%- if target.type == 'athena' -%}
        {%- if config.get('lf_tags_config') is not none -%}
            {%- do adapter.add_lf_tags(relation, config.get('lf_tags_config')) -%}
        {%- endif -%}
        {%- if config.get('lf_grants') is not none -%}
            {%- do adapter.apply_lf_grants(relation, config.get('lf_grants')) -%}
        {%- endif -%}
        {%- do persist_docs(relation, model) -%}
        {%- do adapter.expire_glue_table_versions(relation, config.get('versions_to_keep', 1) | as_number, false) -%}
    {%- endif -%}
    {{- return({'relations': [relation]}) -}}
{%- endmacro -%}
