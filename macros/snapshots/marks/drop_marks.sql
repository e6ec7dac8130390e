{#- Drops the marks of a table, whichever node made them. -#}

{%- macro _drop_marks(relation) -%}
    {%- set mark = derived_tables._mark_of(relation) -%}
    {%- for row in run_query(
        "select table_name from information_schema.tables where table_schema = '" ~ mark.schema
        ~ "' and lower(table_catalog) = lower('" ~ mark.database ~ "') and starts_with(table_name, '"
        ~ mark.identifier ~ "')"
    ).rows if modules.re.fullmatch('(_of_[0-9a-f]{8})?', row[0][mark.identifier | length:]) -%}
        {%- do adapter.drop_relation(mark.incorporate(path={'identifier': row[0]})) -%}
    {%- endfor -%}
{%- endmacro -%}
