{#- Gives a Hive table the columns that `on_schema_change` asks for, with the types that the rows of this run have; raises
    if a column that is there already has another type now: old snapshots could not be read with it.
    The statements are not dbt-athena's, which names some types as Hive does not. -#}

{%- macro _change_hive_columns(snapshot, change, relation, rows) -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(rows) -%}
        {%- do types.update({column.name: column.dtype}) -%}
    {%- endfor -%}
    {%- set defined = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) if column.name in types -%}
        {%- set new = types[column.name] -%}
        {%- set lengths = modules.re.findall('^varchar[(]([0-9]+)[)]$', new) + modules.re.findall(
            '^varchar[(]([0-9]+)[)]$', column.dtype
        ) -%}
        {%- set fits = new == column.dtype or modules.re.sub('varchar[(][0-9]+[)]', 'string', new) == column.dtype
            or (lengths | length == 2 and lengths[0] | int <= lengths[1] | int) -%}
        {%- if not fits -%}
            {%- do derived_tables._invalid(
                'snapshot_append', 'the column `' ~ column.name ~ '` of `' ~ model.name ~ '`',
                'of the type `' ~ column.dtype ~ '`, as in ' ~ relation, new,
                'Cast it in the query, or give the column a new name: what is stored already keeps its type.'
            ) -%}
        {%- endif -%}
        {%- if column.name not in snapshot.partitioned_by -%}
            {%- do defined.append(
                '`' ~ column.name ~ '` ' ~ modules.re.sub('([^<>,:]+):', '`\\1`:', column.dtype)
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set added = [] -%}
    {%- for column in change.added -%}
        {%- set type = modules.re.sub('([^<>,:]+):', '`\\1`:', types[column.name | lower]) -%}
        {%- do added.append('`' ~ column.name | lower ~ '` ' ~ type) -%}
    {%- endfor -%}
    {%- set alter = 'alter table ' ~ relation.render_hive() -%}
    {%- if change.removed -%}
        {%- do run_query(alter ~ ' replace columns (' ~ (defined + added) | join(', ') ~ ')') -%}
    {%- elif added -%}
        {%- do run_query(alter ~ ' add columns (' ~ added | join(', ') ~ ')') -%}
    {%- endif -%}
{%- endmacro -%}
