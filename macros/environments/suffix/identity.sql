{#- Returns who or what a private environment belongs to, from an environment variable. What cannot stand in the name of
    a database is refused, not replaced: `jane.doe` and `jane-doe` would share a sandbox. -#}

{%- macro _identity(environment) -%}
    {%- set variable = 'DERIVED_TABLES_USER' if environment == 'sandbox' else 'DERIVED_TABLES_CI_ID' -%}
    {%- set given = env_var(variable, '(unset)') -%}
    {%- set identity = given | lower -%}
    {%- if not modules.re.fullmatch('[a-z0-9_]{1,40}', identity) or identity.endswith('_dbt_deploy') -%}
        {%- set fit = modules.re.sub('[^a-z0-9]+', '_', identity)[:40].strip('_') -%}
        {%- set example = fit if given != '(unset)' and fit and not fit.endswith('_dbt_deploy')
            else 'jane_doe' if environment == 'sandbox' else 'pr_123' -%}
        {%- do derived_tables._invalid(
            'database_suffix', 'environment variable `' ~ variable ~ '`',
            '1 to 40 letters, digits or `_` that do not end in `_dbt_deploy`',
            none if given == '(unset)' else given,
            'The environment `' ~ environment ~ '` needs it, e.g. `export ' ~ variable ~ '=' ~ example ~ '`.'
            ~ (' The name of the target has chosen that environment; `export DERIVED_TABLES_ENVIRONMENT=dev` chooses '
            ~ 'another.' if target.name == environment)
        ) -%}
    {%- endif -%}
    {{- return(identity) -}}
{%- endmacro -%}
