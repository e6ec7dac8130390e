{#- Returns SQL conditions as one array of numbers: each condition that is true of a row sets its bit; a none is
    no condition. -#}

{%- macro _condition_bits(conditions) -%}
    {%- set words = [] -%}
    {%- for batch in conditions | batch(50) -%}
        {%- set bits = ['cast(0 as bigint)'] -%}
        {%- for condition in batch -%}
            {%- if condition -%}
                {%- do bits.append('case when ' ~ condition ~ ' then ' ~ 2 ** loop.index0 ~ ' else 0 end') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do words.append(bits | join('\n            + ')) -%}
    {%- endfor -%}
    {{- return('array[\n            ' ~ words | join(',\n            ') ~ '\n        ]') -}}
{%- endmacro -%}
