{#- Returns who or what a private environment belongs to, from an environment variable, fit for a database name. -#}

{%- macro _identity(environment) -%}
    {%- set variable = 'DERIVED_TABLES_USER' if environment == 'sandbox' else 'DERIVED_TABLES_CI_ID' -%}
    {%- set given = env_var(variable, '(unset)') -%}
    {%- set identity = given | lower | replace('-', '_') | replace('.', '_') -%}
    {%- if not modules.re.fullmatch('[a-z0-9_]{1,40}', identity) or identity.endswith('_dbt_deploy') -%}
        {%- do derived_tables._invalid(
            'database_suffix', 'environment variable `' ~ variable ~ '`',
            '1 to 40 letters, digits, `_`, `-` or `.` that do not end in `_dbt_deploy`',
            none if given == '(unset)' else given,
            'The environment `' ~ environment ~ '` needs it, e.g. `export ' ~ variable ~ '='
            ~ ('jane_doe' if environment == 'sandbox' else 'pr_123') ~ '`.'
        ) -%}
    {%- endif -%}
    {{- return(identity) -}}
{%- endmacro -%}
