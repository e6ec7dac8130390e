{#- Returns a partition as {name, spec}: as S3 and SHOW PARTITIONS name it, `column=value/column=value`, escaped as Hive
    does, and as DDL does. -#}

{%- macro _partition(keys, values) -%}
    {%- set names, specs = [], [] -%}
    {%- for key in keys -%}
        {%- set value = values[loop.index0] -%}
        {%- set text = '__HIVE_DEFAULT_PARTITION__' if value is none
            else value | string | lower if value is boolean else value | string -%}
        {%- set name = namespace(text=text) -%}
        {%- set codes = '%25 %22 %23 %27 %2A %2F %3A %3D %3F %5C %7B %5B %5D %5E'.split() -%}
        {%- for character in '%"#\'*/:=?\\{[]^' -%}
            {%- set name.text = name.text.replace(character, codes[loop.index0]) -%}
        {%- endfor -%}
        {%- do names.append(key ~ '=' ~ name.text) -%}
        {%- do specs.append('`' ~ key ~ "` = '" ~ text.replace('\\', '\\\\').replace("'", "\\'") ~ "'") -%}
    {%- endfor -%}
    {{- return({'name': names | join('/'), 'spec': ' partition (' ~ specs | join(', ') ~ ')'}) -}}
{%- endmacro -%}
