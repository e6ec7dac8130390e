{#- Returns the table that lists the partitions of a Hive table on Athena, where one of their columns is the one that is
    given: reading it scans nothing. None for everything else. `relation`: as queries name it. -#}

{%- macro _partitions_relation(relation, column) -%}
    {%- set parts = modules.re.fullmatch('"([^"]+)"[.]"([^"]+)"[.]"([^"]+)"', relation | string) -%}
    {%- if not execute or target.type != 'athena' or not parts -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set found = adapter.get_glue_table(
        api.Relation.create(database=parts[1], schema=parts[2], identifier=parts[3])
    ) -%}
    {%- set entry = found['Table'] if found else {} -%}
    {%- set is_iceberg = entry.get('Parameters', {}).get('table_type', '') | upper == 'ICEBERG' -%}
    {%- if is_iceberg or column | lower not in entry.get('PartitionKeys', []) | map(attribute='Name') | list -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return((relation | string)[:-1] ~ '$partitions"') -}}
{%- endmacro -%}
