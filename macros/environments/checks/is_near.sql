{#- Returns whether a name could be a slip for another one: the same but for case, `_` and `-`, or once two letters of
    the one that is meant (one, if it is short) and at most one of the other are left out. -#}

{%- macro _is_near(given, meant) -%}
    {%- set words = [] -%}
    {%- for name in (given, meant) -%}
        {%- do words.append([modules.re.sub('[-_ ]', '', name | string | lower)]) -%}
    {%- endfor -%}
    {%- set slips, targets = words -%}
    {%- for found, times in ((slips, 1), (targets, 2 if meant | length > 9 else 1)) -%}
        {%- for _ in range(times) -%}
            {%- for word in found | list -%}
                {%- for i in range(word | length) -%}
                    {%- do found.append(word[:i] ~ word[i + 1:]) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(slips | select('in', targets) | list | length > 0) -}}
{%- endmacro -%}
