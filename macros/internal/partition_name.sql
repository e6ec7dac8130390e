{#- Returns a partition as SHOW PARTITIONS and S3 name it, `column=value/column=value`, escaped as Hive does. -#}

{%- macro _partition_name(keys, values) -%}
    {%- set parts = [] -%}
    {%- for key in keys -%}
        {%- set value = values[loop.index0] -%}
        {%- set name = namespace(text='__HIVE_DEFAULT_PARTITION__' if value is none else value | string) -%}
        {%- if value is boolean -%}
            {%- set name.text = name.text | lower -%}
        {%- endif -%}
        {%- set name.text = name.text.replace('%', '%25') -%}
        {%- for character in modules.re.findall('["#\'*/:=?\\\\{\\[\\]^]', name.text) | unique -%}
            {%- set name.text = name.text.replace(character, '%%%02X' % character.encode()[0]) -%}
        {%- endfor -%}
        {%- do parts.append(key ~ '=' ~ name.text) -%}
    {%- endfor -%}
    {{- return(parts | join('/')) -}}
{%- endmacro -%}
