{#- Returns whether there is a table to append to. Raises if what is there cannot take the snapshot, or would be lost.
    `entry` is its entry in Glue, on Athena. -#}

{%- macro _existing_snapshots(snapshot, existing, entry) -%}
    {%- if not existing or existing.is_view -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- if should_full_refresh() -%}
        {%- if var('discard_snapshots', false) is not true and derived_tables._has_rows(existing) -%}
            {%- do exceptions.raise_compiler_error(
                'derived_tables.snapshot_append: `--full-refresh` would discard the snapshots that ' ~ existing
                ~ ' holds. Leave the flag out; or, to start anew, add `--vars \'discard_snapshots: true\'`.\n'
                ~ 'To protect the model for good, set `full_refresh: false` in its config.'
            ) -%}
        {%- endif -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- if target.type == 'athena' -%}
        {%- set remedy = derived_tables._build_anew() -%}
        {%- set is_iceberg = entry.get('Parameters', {}).get('table_type', '') | upper == 'ICEBERG' -%}
        {%- set keys = entry.get('PartitionKeys', []) | map(attribute='Name') | list -%}
        {%- if is_iceberg != (snapshot.table_type == 'iceberg') -%}
            {%- do derived_tables._invalid(
                'snapshot_append', existing | string, 'a table of the type `' ~ snapshot.table_type ~ '`',
                'iceberg' if is_iceberg else 'hive', remedy
            ) -%}
        {%- elif not is_iceberg and keys != snapshot.partitioned_by -%}
            {%- do derived_tables._invalid(
                'snapshot_append', existing | string, 'partitioned by `' ~ snapshot.partitioned_by | join(', ')
                ~ '`, as `partitioned_by` says', keys | join(', ') or none, remedy
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(true) -}}
{%- endmacro -%}
