{#- Returns whether a name could be a slip for another one: they differ by at most two letters, and short ones begin
    alike; the order of letters, case, `_` and `-` do not count. -#}

{%- macro _is_near(given, meant) -%}
    {%- set slip = modules.re.sub('[-_ ]', '', given | string | lower) -%}
    {%- set rest = namespace(text=meant.replace('_', '')) -%}
    {%- set letters = slip | length + rest.text | length -%}
    {%- set begins_alike = slip[:1] == rest.text[0] or rest.text | length > 8 -%}
    {%- for letter in slip -%}
        {%- set rest.text = rest.text.replace(letter, '', 1) -%}
    {%- endfor -%}
    {%- set common = meant.replace('_', '') | length - rest.text | length -%}
    {{- return(begins_alike and letters - 2 * common <= 2) -}}
{%- endmacro -%}
