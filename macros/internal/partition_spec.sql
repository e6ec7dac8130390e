{#- Returns a partition as DDL names it, from `column=value/column=value` as SHOW PARTITIONS names it. -#}

{%- macro _partition_spec(name) -%}
    {%- set parts = [] -%}
    {%- for part in name.split('/') -%}
        {%- set pair = part.split('=', 1) -%}
        {%- set value = namespace(text=pair[1]) -%}
        {%- for code in modules.re.findall('%[0-9A-Fa-f]{2}', value.text) | unique if code != '%25' -%}
            {%- set value.text = value.text.replace(code, '%c' % (code[1:] | int(base=16))) -%}
        {%- endfor -%}
        {%- set text = value.text.replace('%25', '%').replace('\\', '\\\\').replace("'", "\\'") -%}
        {%- do parts.append('`' ~ pair[0] ~ "` = '" ~ text ~ "'") -%}
    {%- endfor -%}
    {{- return('(' ~ parts | join(', ') ~ ')') -}}
{%- endmacro -%}
