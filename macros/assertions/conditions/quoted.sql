{#- Returns names of columns, quoted and separated by commas; what is not given is left out. -#}

{%- macro _quoted(test, columns) -%}
    {%- set quoted = [] -%}
    {%- for column in columns if column -%}
        {%- do derived_tables._require_column_name(test, 'each column', column) -%}
        {%- do quoted.append(adapter.quote(column)) -%}
    {%- endfor -%}
    {{- return(quoted | join(', ')) -}}
{%- endmacro -%}
