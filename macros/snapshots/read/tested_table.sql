{#- Returns the table that a generic test reads; none if it cannot be told. With `where`, `--empty` or `--sample` dbt
    hands over a subquery as text, and nothing but that text names the table. -#}

{%- macro _tested_table(tested) -%}
    {%- set found = modules.re.findall('(?:^|from )"([^"]+)"[.]"([^"]+)"[.]"([^"]+)"', tested | string) -%}
    {%- if found -%}
        {%- set database, schema, identifier = found[0] -%}
        {{- return(api.Relation.create(database=database, schema=schema, identifier=identifier)) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro -%}
