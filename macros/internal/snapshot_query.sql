{#- Returns the query of a model with the columns that are given, in their order. A row whose snapshot column is not the
    date of this run ends the statement: the text that tells so cannot be cast.
    `columns`: [{name, type, is_missing, is_wider}]; one that is missing in the query is null, a wider one is cast. -#}

{%- macro _snapshot_query(snapshot, columns, sql) -%}
    {%- set wrong = 'derived_tables.snapshot_append: `' ~ snapshot.column ~ '` of `' ~ model.name ~ '` must be `'
        ~ snapshot.text ~ '`, got ' -%}
    {%- set selected = [] -%}
    {%- for column in columns -%}
        {%- set name = adapter.quote(column.name) -%}
        {%- if column.name | lower == snapshot.column -%}
            {%- set found = "'" ~ wrong ~ "' || coalesce(cast(" ~ name ~ " as varchar), 'null')" -%}
            {%- set failing = 'cast(' ~ found ~ ' as date)' -%}
            {%- if 'char' in column.type | lower -%}
                {%- set failing = 'cast(' ~ failing ~ ' as varchar)' -%}
            {%- elif 'int' in column.type | lower -%}
                {%- set failing = 'cast(' ~ found ~ ' as integer)' -%}
            {%- endif -%}
            {%- do selected.append(
                'case when ' ~ name ~ ' = ' ~ snapshot.literal ~ ' then ' ~ name ~ '\n        else ' ~ failing
                ~ ' end as ' ~ name
            ) -%}
        {%- elif column.is_missing or column.is_wider -%}
            {%- set value = 'null' if column.is_missing else name -%}
            {%- do selected.append('cast(' ~ value ~ ' as ' ~ column.type ~ ') as ' ~ name) -%}
        {%- else -%}
            {%- do selected.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return('select\n    ' ~ selected | join(',\n    ') ~ '\nfrom (\n' ~ sql ~ '\n) as query_of_the_model') -}}
{%- endmacro -%}
