{#- Raises for configs of dbt-athena under which a table would not land where this package says. -#}

{%- macro _require_storage_config() -%}
    {%- set naming = config.get('s3_data_naming', target.s3_data_naming) -%}
    {%- if naming != 'table_unique' -%}
        {%- do derived_tables._invalid(
            'generate_s3_location', '`s3_data_naming`', '`table_unique`', naming,
            'Set `s3_data_naming: table_unique` in profiles.yml and remove it from models.'
        ) -%}
    {%- endif -%}
    {%- set s3_data_dir = config.get('s3_data_dir') or target.s3_data_dir -%}
    {%- if s3_data_dir or not config.get('catalog_name') -%}
        {%- do derived_tables._require_s3_uri('generate_s3_location', 's3_data_dir', s3_data_dir) -%}
    {%- endif -%}
{%- endmacro -%}
