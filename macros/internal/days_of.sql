{#- Returns the dates that an argument of an operation lists, as ISO texts; one alone is a list of one. -#}

{%- macro _days_of(macro_name, name, value) -%}
    {%- set listed = value if value is iterable and value is not string and value is not mapping else [value] -%}
    {%- if not listed -%}
        {%- do derived_tables._invalid(
            macro_name, '`' ~ name ~ '`', 'a list of dates', 'an empty list', 'Write e.g. `' ~ name ~ ': [2024-01-31]`.'
        ) -%}
    {%- endif -%}
    {%- set days = [] -%}
    {%- for each in listed -%}
        {%- do days.append(derived_tables._date_of(
            macro_name, '`' ~ name ~ '`', each, 'Write e.g. `' ~ name ~ ': [2024-01-31]`.'
        ).isoformat()) -%}
    {%- endfor -%}
    {{- return(days | unique | sort) -}}
{%- endmacro -%}
