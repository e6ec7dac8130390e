{#- Returns the S3 key for a new version of the running model's table: another one if the table, made otherwise, lies at
    the key itself. The new version would lie in it: read with it while both are there, and then deleted with it. -#}

{%- macro _beside_live_table(path) -%}
    {%- set live = derived_tables._glue_table(this) -%}
    {%- if live and live.location.endswith('/' ~ path) -%}
        {{- return(path ~ '__' ~ derived_tables._random_uuid()) -}}
    {%- endif -%}
    {{- return(path) -}}
{%- endmacro -%}
