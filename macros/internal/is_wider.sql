{#- Returns whether a column of a table holds more than the query's column of its name, so that a cast loses nothing;
    raises if the types have nothing to do with each other, because old snapshots could not be read with a new type. -#}

{%- macro _is_wider(snapshot, column, found) -%}
    {%- set synonyms = {
        'int': 'integer', 'string': 'varchar', 'char': 'varchar', 'float': 'real', 'binary': 'varbinary',
        'struct': 'row', 'numeric': 'decimal'
    } -%}
    {%- set names = [] -%}
    {%- for type in (found.type, column.type) -%}
        {%- set base = modules.re.split('[(<]', type | lower)[0] | trim -%}
        {%- do names.append(synonyms.get(base, base)) -%}
    {%- endfor -%}
    {%- set numbers = ['tinyint', 'smallint', 'integer', 'bigint'] -%}
    {%- set wider = names == ['real', 'double']
        or (names[0] in numbers and names[1] in numbers and numbers.index(names[0]) < numbers.index(names[1])) -%}
    {%- if target.type == 'athena' and names[0] != names[1] and not wider -%}
        {%- do derived_tables._invalid(
            'snapshot_append', 'the column `' ~ column.name ~ '` of `' ~ model.name ~ '`',
            'of the type `' ~ column.type ~ '`, as in ' ~ this, found.type,
            'Cast it in the query, or give the column a new name: what is stored already keeps its type.'
        ) -%}
    {%- endif -%}
    {{- return(wider) -}}
{%- endmacro -%}
