{#- Raises unless a value is the address of a bucket or folder in S3 without empty or dotted parts. -#}

{%- macro _require_s3_uri(macro_name, value) -%}
    {%- if value is not string
        or not modules.re.fullmatch('s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/(?!\\.+(?:/|$))[^/\\s]+)*/?', value) -%}
        {%- do derived_tables._invalid(
            macro_name, '`s3_data_dir`', '`s3://<bucket>/<folder>` without empty or dotted parts', value,
            'Set `s3_data_dir` in profiles.yml (or in the config of the model) to such an address.'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
