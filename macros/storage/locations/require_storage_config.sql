{#- Raises for configs of dbt-athena with which a table would not land where this package says. -#}

{%- macro _require_storage_config(macro_name, config) -%}
    {%- do derived_tables._require_one_of(
        macro_name, '`s3_data_naming`', ['table_unique'], config.get('s3_data_naming') or target.s3_data_naming,
        'Set `s3_data_naming: table_unique` in profiles.yml and remove it from models and dbt_project.yml.'
    ) -%}
    {%- set s3_data_dir = config.get('s3_data_dir') or target.s3_data_dir -%}
    {%- if s3_data_dir or not config.get('catalog_name') -%}
        {%- do derived_tables._require_s3_uri(macro_name, s3_data_dir) -%}
    {%- endif -%}
{%- endmacro -%}
