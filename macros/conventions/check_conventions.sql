{#- Operation and hook: prints the models that break a convention, with the remedy, and raises if there are any. -#}

{%- macro check_conventions() -%}
    {{- return(adapter.dispatch('check_conventions', 'derived_tables')()) -}}
{%- endmacro -%}

{%- macro default__check_conventions() -%}
    {%- if execute -%}
        {%- set offending = derived_tables.convention_incremental_appends() -%}
        {%- for found in offending -%}
            {%- do print(found.path ~ '\n    ' ~ found.problem ~ '\n    ' ~ found.remedy) -%}
        {%- endfor -%}
        {%- if offending -%}
            {%- do exceptions.raise_compiler_error(
                'derived_tables.check_conventions: ' ~ offending | length ~ ' of the models '
                ~ ('breaks' if offending | length == 1 else 'break') ~ ' a convention: '
                ~ offending | map(attribute='model') | join(', ')
            ) -%}
        {%- endif -%}
        {%- do print('All models keep the conventions.') -%}
    {%- endif -%}
    {#- dbt would run what a hook returns. -#}
    {{- return('') -}}
{%- endmacro -%}
