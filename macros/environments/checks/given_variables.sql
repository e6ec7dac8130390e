{#- Returns what `--vars` sets, without the variables of the project. -#}

{%- macro _given_variables() -%}
    {%- set given = invocation_args_dict.get('vars') or {} -%}
    {{- return(given if given is mapping else fromyaml(given, {})) -}}
{%- endmacro -%}
