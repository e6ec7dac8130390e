{#- Returns `text` in snake case: `OrdersDaily-2` becomes `orders_daily_2`; `unnamed` when nothing is left. -#}

{%- macro _snake_case(text) -%}
    {%- set words = modules.re.sub('([a-z0-9])([A-Z])', '\\1_\\2', text) | lower -%}
    {{- return(modules.re.sub('[^a-z0-9]+', '_', words).strip('_') or 'unnamed') -}}
{%- endmacro -%}
