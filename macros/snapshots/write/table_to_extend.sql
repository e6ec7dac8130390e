{#- Returns the table to append to; none if it has to be made. Raises if what is there cannot take the snapshot, or
    would be lost. -#}

{%- macro _table_to_extend(snapshot) -%}
    {%- set table = derived_tables._stored_table(snapshot.relation) -%}
    {%- if not table or table.kind == 'view' -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- if should_full_refresh() -%}
        {%- if var('discard_snapshots', false) is not true and derived_tables._has_rows(table) -%}
            {%- do exceptions.raise_compiler_error(
                'derived_tables.snapshot_append: `--full-refresh` would discard the snapshots in ' ~ this
                ~ '.\nLeave the flag out; or, to start anew, add `--vars \'discard_snapshots: true\'`. '
                ~ 'To protect the model for good, set `full_refresh: false` in its config.'
            ) -%}
        {%- endif -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- if flags.SAMPLE -%}
        {%- do derived_tables._refuse_snapshot(
            'the run', 'without `--sample`', 'a sample',
            'A sample would replace the snapshot of ' ~ snapshot.text ~ '. Leave the flag out, or exclude the model.'
        ) -%}
    {%- endif -%}
    {%- if table.kind != snapshot.kind -%}
        {%- set needed, found = 'of the type `' ~ snapshot.kind ~ '`', table.kind -%}
    {%- elif table.kind == 'hive' and table.partitioned_by != snapshot.partitioned_by -%}
        {%- set needed = 'partitioned by `' ~ snapshot.partitioned_by | join(', ') ~ '`' -%}
        {%- set found = table.partitioned_by | join(', ') or none -%}
    {%- elif table.is_projected -%}
        {%- set needed, found = 'without partition projection', 'projection.enabled' -%}
    {%- elif table.kind == 'hive' and derived_tables._storage_format(table) != snapshot.format -%}
        {%- set needed, found = 'of the format `' ~ snapshot.format ~ '`', derived_tables._storage_format(table) -%}
    {%- elif snapshot.column not in table.columns | map(attribute='id') -%}
        {%- set needed = 'one with the column `' ~ snapshot.column ~ '`' -%}
        {%- set found = table.columns | map(attribute='id') | join(', ') -%}
    {%- endif -%}
    {%- if needed -%}
        {%- do derived_tables._refuse_snapshot(
            'the table ' ~ this, needed, found,
            'Give the model another name; or build the table anew, without its snapshots: '
            ~ "`--full-refresh --vars 'discard_snapshots: true'`."
        ) -%}
    {%- endif -%}
    {{- return(table) -}}
{%- endmacro -%}
