{#- Returns the DELETE of the rows that an incremental model has of this run's date; nothing if its table is made
    anew. -#}

{%- macro _delete_of_snapshot(column) -%}
    {%- if not is_incremental() -%}
        {{- return('') -}}
    {%- endif -%}
    {%- set table = derived_tables._snapshot_table('idempotent_append', this, column) -%}
    {%- set format = config.get('snapshot_format') -%}
    {%- set day = derived_tables._snapshot_day('idempotent_append', none) -%}
    {%- if format -%}
        {%- set text = derived_tables._formatted_day('idempotent_append', day, format) -%}
        {%- set literal = text if 'int' in table.type | lower else "'" ~ text ~ "'" -%}
    {%- else -%}
        {%- set literal = "date '" ~ day ~ "'" -%}
    {%- endif -%}
    {{- return('delete from ' ~ this ~ ' where ' ~ adapter.quote(table.column) ~ ' = ' ~ literal) -}}
{%- endmacro -%}
