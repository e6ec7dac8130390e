{#- Returns the location in a CREATE TABLE AS of dbt-athena, without a trailing slash; none where it has none. -#}

{%- macro _location_in(sql) -%}
    {%- set found = modules.re.search("(?:external_)?location\\s*=\\s*'([^']*)'", sql) -%}
    {{- return(found.group(1).rstrip('/') if found else none) -}}
{%- endmacro -%}
