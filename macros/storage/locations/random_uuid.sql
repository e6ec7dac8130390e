{#- Returns a random UUID (version 4, RFC 9562): Jinja has no uuid module, but it can choose at random. -#}

{%- macro _random_uuid() -%}
    {%- set hex -%}
        {%- for _ in range(32) -%}
            {{- '0123456789abcdef' | random -}}
        {%- endfor -%}
    {%- endset -%}
    {{- return([hex[:8], hex[8:12], '4' ~ hex[13:16], ('89ab' | random) ~ hex[17:20], hex[20:]] | join('-')) -}}
{%- endmacro -%}
