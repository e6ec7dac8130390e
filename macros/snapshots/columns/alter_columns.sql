{#- Adds columns to a table on Athena, or replaces those of a Hive table: `verb` says which. -#}

{%- macro _alter_columns(snapshot, verb, columns) -%}
    {%- set defined = [] -%}
    {%- for column in columns -%}
        {#- What Glue holds has the names of fields without quotes. -#}
        {%- set type = modules.re.sub('([^<>,:`]+):', '`\\1`:', column.glue_type) -%}
        {%- do defined.append('`' ~ column.id ~ '` ' ~ type) -%}
    {%- endfor -%}
    {%- do run_query(
        'alter table ' ~ snapshot.relation.render_hive() ~ ' ' ~ verb ~ ' columns (' ~ defined | join(', ') ~ ')'
    ) -%}
{%- endmacro -%}
