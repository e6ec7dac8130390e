{#- Returns the S3 key for a new version of the running model's table: another one if the table, made otherwise, lies at
    the key itself. The new version would lie in it: read with it while both are there, and then deleted with it. -#}

{%- macro _beside_live_table(path) -%}
    {%- set live = derived_tables._glue_table(this) -%}
    {%- set folder = (config.get('s3_data_dir') or target.s3_data_dir or '').rstrip('/') ~ '/' -%}
    {%- if live and live.location and (folder ~ path ~ '/').startswith(live.location ~ '/') -%}
        {%- set path = path ~ '__' ~ derived_tables._random_uuid() -%}
        {%- if (folder ~ path).startswith(live.location ~ '/') -%}
            {%- do derived_tables._invalid(
                'generate_s3_location', 'the location of ' ~ this, 'a folder of its own', live.location,
                'Tables of the package would lie in it: move its files, e.g. by building it under another name.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(path) -}}
{%- endmacro -%}
