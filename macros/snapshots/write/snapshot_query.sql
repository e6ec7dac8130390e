{#- Returns the query of a model with the columns of `_schema_change`, in their order. A row whose snapshot column is
    not the date of this run ends the statement: the text that says so cannot be cast. -#}

{%- macro _snapshot_query(snapshot, columns, sql) -%}
    {%- set selected = [] -%}
    {%- for column in columns -%}
        {%- set name = adapter.quote(column.name) -%}
        {%- set type = column.type | lower -%}
        {%- if column.id == snapshot.column -%}
            {%- set wrong = "'derived_tables.snapshot_append: `" ~ column.id ~ '` of `' ~ model.name ~ '` must be `'
                ~ snapshot.text ~ "`, got ' || coalesce(cast(" ~ name ~ " as varchar), 'null')" -%}
            {%- set wrong = 'cast(' ~ wrong ~ ' as ' ~ ('integer' if 'int' in type else 'date') ~ ')' -%}
            {%- do selected.append(
                'case when ' ~ name ~ ' = ' ~ snapshot.literal ~ ' then ' ~ name ~ '\n        else '
                ~ ('cast(' ~ wrong ~ ' as varchar)' if 'char' in type else wrong) ~ ' end as ' ~ name
            ) -%}
        {%- elif column.is_missing or column.needs_cast -%}
            {%- set value = 'null' if column.is_missing else name -%}
            {%- do selected.append('cast(' ~ value ~ ' as ' ~ column.type ~ ') as ' ~ name) -%}
        {%- else -%}
            {%- do selected.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return('select\n    ' ~ selected | join(',\n    ') ~ '\nfrom (\n' ~ sql ~ '\n) as query_of_the_model') -}}
{%- endmacro -%}
