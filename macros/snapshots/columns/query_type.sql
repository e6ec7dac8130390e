{#- Returns a type of the Glue catalogue as queries on Athena name it: `array<struct<a:int>>` is `array(row("a"
    integer))`. dbt-athena's own macro leaves nested types as they are. -#}

{%- macro _query_type(type) -%}
    {%- set text = namespace(value=modules.re.sub('([^<>:,()]+):', '"\\1" ', type)) -%}
    {%- for hive, trino in (
        ('int', 'integer'), ('string', 'varchar'), ('float', 'real'), ('binary', 'varbinary'), ('struct', 'row')
    ) -%}
        {%- set text.value = modules.re.sub('\\b' ~ hive ~ '\\b(?!")', trino, text.value) -%}
    {%- endfor -%}
    {{- return(text.value.replace('<', '(').replace('>', ')')) -}}
{%- endmacro -%}
