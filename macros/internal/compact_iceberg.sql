{#- Packs the files of snapshots of an Iceberg table with OPTIMIZE, which leaves alone what is not worth it. Returns
    [{name, files, files_after}]. -#}

{%- macro _compact_iceberg(table, snapshots, dry_run) -%}
    {%- set before = derived_tables._sizes_of_snapshots(table, snapshots) -%}
    {%- set packed = [] -%}
    {%- for snapshot in snapshots if before[snapshot.literal].files > 1 -%}
        {%- set name = table.column ~ '=' ~ snapshot.text -%}
        {%- set files = before[snapshot.literal].files -%}
        {%- if dry_run -%}
            {%- do print(name ~ ': ' ~ files ~ ' files') -%}
            {%- do packed.append({'name': name, 'files': files, 'files_after': none}) -%}
        {%- else -%}
            {%- do derived_tables._optimize(table, adapter.quote(table.column) ~ ' = ' ~ snapshot.literal) -%}
            {%- set after = derived_tables._sizes_of_snapshots(table, [snapshot])[snapshot.literal].files -%}
            {%- do print(name ~ ': ' ~ files ~ ' files, now ' ~ after) -%}
            {%- if after != files -%}
                {%- do packed.append({'name': name, 'files': files, 'files_after': after}) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(packed) -}}
{%- endmacro -%}
