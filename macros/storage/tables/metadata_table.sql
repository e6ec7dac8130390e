{#- Returns a table with which Athena describes a table, e.g. `partitions`: reading it scans no data. -#}

{%- macro _metadata_table(relation, name) -%}
    {{- return(relation.incorporate(path={'identifier': relation.identifier ~ '$' ~ name})) -}}
{%- endmacro -%}
