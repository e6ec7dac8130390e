{#- Returns a type that a query on Athena names as DDL does: `array(row(a integer))` is ``array<struct<`a`:int>>``.
    In the text of a type there is a space only behind the name of a field, once the time zone is gone. -#}

{%- macro _hive_type(type) -%}
    {%- set text = namespace(value=type) -%}
    {%- for pattern, replacement in (
        ('[(][0-9]+[)] with time zone|[(][0-9]+[)](?= with time zone)', ''),
        (' with time zone', ''),
        (', ', ','),
        ('(?:"([^"]+)"|([^"(), ]+)) ', '`\\1\\2`:'),
        ('\\b(?:var)?char\\b(?:[(][0-9]+[)])?(?!`)', 'string'),
        ('timestamp[(][0-9]+[)]', 'timestamp'),
        ('decimal[(]([0-9]+),([0-9]+)[)]', 'decimal[\\1,\\2]'),
        ('\\binteger\\b(?!`)', 'int'),
        ('\\breal\\b(?!`)', 'float'),
        ('\\bvarbinary\\b(?!`)', 'binary'),
        ('\\brow[(]', 'struct('),
        ('[(]', '<'),
        ('[)]', '>'),
        ('\\[', '('),
        ('\\]', ')')
    ) -%}
        {%- set text.value = modules.re.sub(pattern, replacement, text.value) -%}
    {%- endfor -%}
    {{- return(text.value) -}}
{%- endmacro -%}
