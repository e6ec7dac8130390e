{#- Returns whether a column of the query has to be cast to the type of the table's column of its name: it holds less,
    is a text of a length, or nothing but nulls. Raises for other differences, because a cast could lose something,
    and old snapshots could not be read with a new type. `in_query` and `in_table` are columns, see
    `_query_columns`; of types without parameters the base names are compared. The snapshot column and other
    partition columns keep their type. -#}

{%- macro _needs_cast(in_query, in_table, is_key) -%}
    {%- set synonyms = {'float': 'real', 'char': 'varchar', 'string': 'varchar'} -%}
    {%- set bases = [] -%}
    {%- for column in (in_query, in_table) -%}
        {%- set base = modules.re.split('[(<]', column.type | lower)[0] | trim -%}
        {%- do bases.append(synonyms.get(base, base)) -%}
    {%- endfor -%}
    {%- set is_same = in_query.type == in_table.type or ('(' not in in_query.type and bases[0] == bases[1]) -%}
    {%- if bases == ['decimal', 'decimal'] -%}
        {%- set digits = modules.re.findall('[0-9]+', in_query.type ~ in_table.type) | map('int') | list -%}
        {%- set is_wider = is_same or (digits[1] <= digits[3] and digits[0] - digits[1] <= digits[2] - digits[3]) -%}
    {%- else -%}
        {%- set numbers = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint'] -%}
        {%- set is_wider = in_query.is_null or bases == ['real', 'double'] or (
            bases[0] in numbers and bases[1] in numbers and numbers.index(bases[0]) < numbers.index(bases[1])
        ) -%}
    {%- endif -%}
    {%- if not is_same and (is_key or not is_wider) -%}
        {%- do derived_tables._refuse_snapshot(
            'the column `' ~ in_table.name ~ '`', 'of the type `' ~ in_table.type ~ '`, as in ' ~ this, in_query.type,
            'Cast it in the query, or give the column a new name: what is stored keeps its type.'
        ) -%}
    {%- endif -%}
    {#- On Athena a literal is a text of its own length, which a Hive table would keep, and cut longer ones to. -#}
    {{- return(not is_same or in_query.is_null or in_query.type == in_table.type == 'varchar') -}}
{%- endmacro -%}
