{#- Operation: deletes the files of an Iceberg table that its history no longer needs, until all is done. -#}

{%- macro vacuum_iceberg(model, dry_run=true) -%}
    {%- do derived_tables._require_boolean('vacuum_iceberg', 'dry_run', dry_run) -%}
    {%- if not execute -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return(adapter.dispatch('vacuum_iceberg', 'derived_tables')(
        derived_tables._iceberg_model('vacuum_iceberg', model), dry_run
    )) -}}
{%- endmacro -%}

{%- macro default__vacuum_iceberg(table, dry_run) -%}
    {%- if dry_run -%}
        {%- set states = derived_tables._metadata_table(table.relation, 'snapshots') -%}
        {%- set row = run_query('select count(*), cast(date(min(committed_at)) as varchar) from ' ~ states).rows[0] -%}
        {%- do print(
            table.relation ~ ': would delete what is older than its table property `vacuum_max_snapshot_age_seconds` '
            ~ 'says, else 5 days; it keeps ' ~ row[0] ~ ' states, the oldest of ' ~ row[1]
            ~ '\nThis was a dry run; to delete it, add `dry_run: false`.'
        ) -%}
    {%- else -%}
        {%- set statement_text = 'vacuum ' ~ table.relation.render_pure() -%}
        {%- do adapter.run_operation_with_potential_multiple_runs(statement_text, 'vacuum') -%}
        {%- do print(table.relation ~ ': vacuumed') -%}
    {%- endif -%}
{%- endmacro -%}
