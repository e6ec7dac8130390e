{#- Returns a CREATE TABLE AS of dbt-athena with another location; unchanged where the work group dictates it. -#}

{%- macro _at_location(sql, location) -%}
    {{- return(modules.re.sub("(external_location\\s*=\\s*)'[^']*'", "\\1'" ~ location ~ "'", sql, count=1)) -}}
{%- endmacro -%}
