{#- Renders a date from three integer expressions. DuckDB and Athena share no function for that; both cast an ISO text. -#}

{%- macro date_from_parts(year, month, day) -%}
    cast(
        lpad(cast({{ year }} as varchar), 4, '0')
        || '-' || lpad(cast({{ month }} as varchar), 2, '0')
        || '-' || lpad(cast({{ day }} as varchar), 2, '0')
        as date
    )
{%- endmacro -%}
