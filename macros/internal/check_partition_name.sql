{#- Raises for a partition without a value: Hive, whose DDL Athena has, refuses to add such a partition. -#}

{%- macro _check_partition_name(name) -%}
    {%- for part in name.split('/') if part.endswith('=__HIVE_DEFAULT_PARTITION__') -%}
        {%- set column = part.split('=')[0] -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the column `' ~ column ~ '` of `' ~ model.name ~ '`', 'without nulls', name,
            'It is a partition column. Write e.g. `coalesce(' ~ column ~ ", 'unknown')`."
        ) -%}
    {%- endfor -%}
{%- endmacro -%}
