{#- Renders a boolean SQL expression: true where `expression` contains a match of `pattern`. -#}

{%- macro matches_pattern(expression, pattern) -%}
    {%- if pattern is not string -%}
        {%- do derived_tables._invalid(
            'matches_pattern', '`pattern`', 'a regular expression', pattern, "Write it in quotes, e.g. `'^[A-Z]{2}$'`."
        ) -%}
    {%- endif -%}
    {{- return(adapter.dispatch('matches_pattern', 'derived_tables')(
        expression, derived_tables._literal(pattern)
    )) -}}
{%- endmacro -%}

{%- macro default__matches_pattern(expression, pattern) -%}
    {%- do derived_tables._unsupported_adapter('matches_pattern') -%}
{%- endmacro -%}

{%- macro athena__matches_pattern(expression, pattern) -%}
    {{- return('regexp_like(' ~ expression ~ ', ' ~ pattern ~ ')') -}}
{%- endmacro -%}

{%- macro duckdb__matches_pattern(expression, pattern) -%}
    {{- return('regexp_matches(' ~ expression ~ ', ' ~ pattern ~ ')') -}}
{%- endmacro -%}
