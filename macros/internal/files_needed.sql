{#- Returns how many files of 128 MB the data of a partition need. -#}

{%- macro _files_needed(partition) -%}
    {{- return([1, (partition.bytes / 134217728) | round(0, 'ceil') | int] | max) -}}
{%- endmacro -%}
