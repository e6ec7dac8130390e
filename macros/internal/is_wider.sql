{#- Returns whether the query's column has to be cast to the type of the table's column of its name: it holds less, is a
    text of a length, or nothing but nulls. Raises for other differences, because a cast could lose something, and old
    snapshots could not be read with a new type. Types of DuckDB have their parameters, those of Athena only where
    `_with_decimals` has looked. -#}

{%- macro _is_wider(snapshot, column, found, is_key=false) -%}
    {%- set synonyms = {
        'int': 'integer', 'string': 'varchar', 'char': 'varchar', 'float': 'real', 'binary': 'varbinary',
        'struct': 'row', 'numeric': 'decimal'
    } -%}
    {%- set type = found.type -%}
    {%- if target.type == 'duckdb' and type == 'INTEGER' and column.type != type -%}
        {#- What DESCRIBE says of nulls, too. -#}
        {%- set type = run_query(
            'select typeof(any_value(' ~ adapter.quote(column.name) ~ '))\nfrom (\n' ~ compiled_code
            ~ '\n) as query_of_the_model\nwhere false'
        ).rows[0][0] -%}
    {%- endif -%}
    {%- set names = [] -%}
    {%- for type in (type, column.type) -%}
        {%- set base = modules.re.split('[(<]', type | lower)[0] | trim -%}
        {%- do names.append(synonyms.get(base, base)) -%}
    {%- endfor -%}
    {%- set numbers = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint'] -%}
    {%- set is_wider = not is_key and (
        names[0] in ('unknown', '"null"')
        or names == ['real', 'double']
        or (names[0] in numbers and names[1] in numbers and numbers.index(names[0]) < numbers.index(names[1]))
    ) -%}
    {%- set is_exact = target.type != 'athena' or '(' in found.type -%}
    {%- set is_same = found.type == column.type if is_exact else names[0] == names[1] -%}
    {%- if is_exact and names == ['decimal', 'decimal'] and not is_key and not is_same -%}
        {%- set sizes = [] -%}
        {%- for number in modules.re.findall('[0-9]+', found.type ~ column.type) -%}
            {%- do sizes.append(number | int) -%}
        {%- endfor -%}
        {%- set is_wider = sizes[1] <= sizes[3] and sizes[0] - sizes[1] <= sizes[2] - sizes[3] -%}
    {%- endif -%}
    {%- if not is_same and not is_wider -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the column `' ~ column.name ~ '` of `' ~ model.name ~ '`',
            'of the type `' ~ column.type ~ '`, as in ' ~ this, found.type,
            'Cast it in the query, or give the column a new name: what is stored already keeps its type.'
        ) -%}
    {%- endif -%}
    {#- On Athena a literal is a text of its own length, which a Hive table would keep, and cut longer ones to. -#}
    {%- set is_text = target.type == 'athena' and found.type == 'varchar' and column.type == 'varchar' -%}
    {{- return(is_wider or is_text) -}}
{%- endmacro -%}
