{#- Returns who or what a private environment belongs to, from an environment variable, fit for a database name. -#}

{%- macro _identity(environment, variable, example) -%}
    {%- set given = env_var(variable, '(unset)') -%}
    {%- if given == '(unset)' -%}
        {%- do derived_tables._invalid(
            'database_suffix', 'environment variable `' ~ variable ~ '`', 'set in the environment `' ~ environment ~ '`',
            none, 'Set it, e.g. `export ' ~ variable ~ '=' ~ example ~ '`.'
        ) -%}
    {%- endif -%}
    {%- set identity = given | lower | replace('-', '_') | replace('.', '_') -%}
    {%- if not modules.re.fullmatch('[a-z0-9_]{1,40}', identity) -%}
        {%- do derived_tables._invalid(
            'database_suffix', 'environment variable `' ~ variable ~ '`',
            '1 to 40 letters, digits, `_`, `-` or `.`', given,
            'Set it to such a name, e.g. `export ' ~ variable ~ '=' ~ example ~ '`.'
        ) -%}
    {%- elif identity.endswith('_dbt_deploy') -%}
        {%- do derived_tables._invalid(
            'database_suffix', 'environment variable `' ~ variable ~ '`',
            'a name that does not end in `_dbt_deploy`, which marks a deployment', given,
            'Set it to another name, e.g. `export ' ~ variable ~ '=' ~ example ~ '`.'
        ) -%}
    {%- endif -%}
    {{- return(identity) -}}
{%- endmacro -%}
