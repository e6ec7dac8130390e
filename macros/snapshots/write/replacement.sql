{#- Returns the relation in which a table on Athena is built that will take the place of what is there: if the query
    fails, nothing is lost. What an interrupted run has left of it goes first; its files stay where it had taken the
    place. -#}

{%- macro _replacement(relation) -%}
    {%- set new = relation.incorporate(
        path={'identifier': relation.identifier ~ '__dbt_new'}, s3_path_table_part=relation.identifier
    ) -%}
    {%- set left = derived_tables._glue_table(new) -%}
    {%- if left -%}
        {%- if left.location != (derived_tables._glue_table(relation) or {}).location -%}
            {%- do adapter.delete_from_s3(left.location) -%}
        {%- endif -%}
        {%- do adapter.delete_from_glue_catalog(new) -%}
    {%- endif -%}
    {{- return(new) -}}
{%- endmacro -%}
