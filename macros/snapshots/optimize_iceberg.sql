{#- Operation: packs the files of an Iceberg table and applies its deletes, until all is done. -#}

{%- macro optimize_iceberg(model, where=none, dry_run=true) -%}
    {%- do derived_tables._require_boolean('optimize_iceberg', 'dry_run', dry_run) -%}
    {%- if where is not none and where is not string -%}
        {%- do derived_tables._invalid(
            'optimize_iceberg', '`where`', 'a condition on partition columns', where,
            "Write e.g. `where: snapshot_date >= date '2024-01-01'`."
        ) -%}
    {%- endif -%}
    {%- if not execute -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(adapter.dispatch('optimize_iceberg', 'derived_tables')(
        derived_tables._iceberg_model('optimize_iceberg', model), where, dry_run
    )) -}}
{%- endmacro -%}

{%- macro default__optimize_iceberg(table, where, dry_run) -%}
    {%- if dry_run -%}
        {%- set files = derived_tables._metadata_table(table.relation, 'files') -%}
        {%- set row = run_query('select count_if(content = 0), count_if(content > 0) from ' ~ files).rows[0] -%}
        {%- do print(
            table.relation ~ ': would optimize' ~ (' where ' ~ where if where else '') ~ '; data files: ' ~ row[0]
            ~ ', delete files: ' ~ row[1]
            ~ '\nThis was a dry run; to optimize them, add `dry_run: false`.'
        ) -%}
    {%- else -%}
        {%- do derived_tables._optimize(table, where) -%}
        {%- do print(table.relation ~ ': optimized') -%}
    {%- endif -%}
{%- endmacro -%}
