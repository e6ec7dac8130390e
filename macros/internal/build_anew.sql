{#- Returns what to do about a table that cannot take the snapshots of a model. -#}

{%- macro _build_anew() -%}
    {{- return(
        'Give the model another name; or build the table anew, without its snapshots: '
        ~ "`--full-refresh --vars 'discard_snapshots: true'`."
    ) -}}
{%- endmacro -%}
