{#- Returns the table that lists the partitions of a Hive table on Athena, where one of their columns is the one that is
    given: reading it scans nothing. None for everything else, also where Athena works the partitions out itself
    (partition projection). `relation`: as queries name it. -#}

{%- macro _partitions_relation(relation, column) -%}
    {%- set parts = modules.re.fullmatch('"([^"]+)"[.]"([^"]+)"[.]"([^"]+)"', relation | string) -%}
    {%- if not execute or target.type != 'athena' or not parts -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set found = adapter.get_glue_table(
        api.Relation.create(database=parts[1], schema=parts[2], identifier=parts[3])
    ) -%}
    {%- set entry = found['Table'] if found else {} -%}
    {%- set parameters = entry.get('Parameters', {}) -%}
    {%- set is_iceberg = parameters.get('table_type', '') | upper == 'ICEBERG' -%}
    {%- set is_projected = parameters.get('projection.enabled', '') | lower == 'true' -%}
    {%- set keys = entry.get('PartitionKeys', []) | map(attribute='Name') | list -%}
    {%- if is_iceberg or is_projected or column | lower not in keys -%}
        {{- return(none) -}}
    {%- endif -%}
    {{- return((relation | string)[:-1] ~ '$partitions"') -}}
{%- endmacro -%}
