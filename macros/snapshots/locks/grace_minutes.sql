{#- Returns for how many minutes replaced data stays, for queries that still read it. -#}

{%- macro _grace_minutes() -%}
    {%- set minutes = var('snapshot_grace_minutes', 60) -%}
    {%- if minutes is boolean or not modules.re.fullmatch('[0-9]{1,6}', minutes | string) -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'var `snapshot_grace_minutes`', 'a whole number of minutes', minutes,
            'Leave it out to keep replaced data for an hour; Athena ends queries after half an hour.'
        ) -%}
    {%- endif -%}
    {{- return(minutes | int) -}}
{%- endmacro -%}
