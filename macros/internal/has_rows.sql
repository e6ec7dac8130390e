{#- Returns whether a table has rows, or, on Athena, partitions or files: without reading them. -#}

{%- macro _has_rows(relation) -%}
    {%- if target.type == 'athena' -%}
        {%- set relation = relation.incorporate(path={'identifier': relation.identifier ~ '$partitions'}) -%}
    {%- endif -%}
    {{- return(run_query('select 1 from ' ~ relation ~ ' limit 1').rows | length > 0) -}}
{%- endmacro -%}
