{#- Returns SQL for the values of some columns as one text: those of a row, or of `key`, which is a row of them. It is a
    null where one of them must not be shown. -#}

{%- macro _text_of(columns, shown, key=none) -%}
    {%- set texts = [] -%}
    {%- for column in columns if column | lower in shown -%}
        {%- do texts.append(
            'cast(' ~ (key ~ '[' ~ loop.index ~ ']' if key else adapter.quote(column)) ~ ' as varchar)'
        ) -%}
    {%- endfor -%}
    {{- return(
        texts | join(" || ', ' || ") if texts and texts | length == columns | length else 'cast(null as varchar)'
    ) -}}
{%- endmacro -%}
