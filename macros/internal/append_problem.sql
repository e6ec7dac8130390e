{#- Returns {problem, remedy} of an incremental model's config with which a second run on the same day would append the
    same rows again; none for other configs. dbt-athena's default strategy is `insert_overwrite`, which appends where
    there is no `partitioned_by`; that of dbt-duckdb is `delete+insert`, which appends where there is no
    `unique_key`. -#}

{%- macro _append_problem(config) -%}
    {%- set strategy = config.get('incremental_strategy') -%}
    {%- set on_hive = target.type == 'athena' and config.get('table_type', 'hive') | lower != 'iceberg' -%}
    {%- if target.type == 'athena' -%}
        {%- set key = 'partitioned_by' -%}
        {%- set overwriting = [none, 'insert_overwrite'] -%}
    {%- else -%}
        {%- set key = 'unique_key' -%}
        {%- set overwriting = [none, 'default', 'delete+insert'] -%}
    {%- endif -%}
    {%- set ignores_key = strategy in overwriting and not config.get(key) and (on_hive or target.type == 'duckdb') -%}
    {%- if strategy != 'append' and not ignores_key -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set problem = 'its `incremental_strategy` is `append`' if strategy == 'append'
        else 'its `incremental_strategy` is `' ~ overwriting[-1] ~ '`, which appends without `' ~ key ~ '`' -%}
    {%- set problem = problem ~ ': running it again for the same day doubles the rows' -%}
    {%- if on_hive -%}
        {{- return({
            'problem': problem,
            'remedy': 'Set `incremental_strategy: insert_overwrite` and `partitioned_by`, '
                ~ 'or `materialized: snapshot_append`.'
        }) -}}
    {%- endif -%}
    {%- for hook in config.get('pre-hook') or [] if 'idempotent_append' in hook.sql -%}
        {{- return(none) -}}
    {%- endfor -%}
    {{- return({
        'problem': problem,
        'remedy': 'Add the pre-hook `{{ derived_tables.idempotent_append() }}`, or set `materialized: snapshot_append`.'
    }) -}}
{%- endmacro -%}
