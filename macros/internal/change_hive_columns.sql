{#- Gives a Hive table the columns that `on_schema_change` asks for, with the types that the rows of this run have; raises
    if a column that is there already has another type now: old snapshots could not be read with it. -#}

{%- macro _change_hive_columns(snapshot, change, relation, rows) -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(rows) -%}
        {%- do types.update({column.name: column}) -%}
    {%- endfor -%}
    {%- set kept = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) if column.name in types -%}
        {%- if column.dtype != types[column.name].dtype -%}
            {%- do derived_tables._invalid(
                'snapshot_append', 'the column `' ~ column.name ~ '` of `' ~ model.name ~ '`',
                'of the type `' ~ column.dtype ~ '`, as in ' ~ relation, types[column.name].dtype,
                'Cast it in the query, or give the column a new name: what is stored already keeps its type.'
            ) -%}
        {%- endif -%}
        {%- if column.name not in snapshot.partitioned_by -%}
            {%- do kept.append(column) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set added = [] -%}
    {%- for column in change.added -%}
        {%- do added.append(types[column.name | lower]) -%}
    {%- endfor -%}
    {%- if change.removed -%}
        {%- do alter_relation_replace_columns(relation, kept + added, 'hive') -%}
    {%- elif added -%}
        {%- do alter_relation_add_columns(relation, added, 'hive') -%}
    {%- endif -%}
{%- endmacro -%}
