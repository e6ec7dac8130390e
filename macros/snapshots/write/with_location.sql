{#- Returns a CREATE TABLE AS of dbt-athena with another location; unchanged where the work group dictates it.
    dbt-athena chooses a random location when it renders the statement, but the lock has to name the folder before
    anything is written there, and the config `external_location` is fixed when dbt parses. -#}

{%- macro _with_location(sql, location) -%}
    {%- set found = modules.re.split("external_location\\s*=\\s*'[^']*'", sql, 1) -%}
    {{- return(found | join("external_location='" ~ location ~ "'")) -}}
{%- endmacro -%}
