{#- Gives a Hive table the columns that `on_schema_change` asks for, with the types that the rows of this run have;
    raises if a column that is there already has another type now: old snapshots could not be read with it. `written`
    are the columns of the rows. The statements are not dbt-athena's, which names some types as Hive does not. -#}

{%- macro _change_hive_columns(snapshot, written) -%}
    {%- set varchar = '^varchar[(]([0-9]+)[)]$' -%}
    {%- for column in snapshot.table.columns -%}
        {%- set new = written | selectattr('id', 'equalto', column.id) | map(attribute='glue_type') | first -%}
        {%- set old = column.glue_type -%}
        {%- set lengths = (modules.re.findall(varchar, new) + modules.re.findall(varchar, old)) | map('int') | list
            if new else [] -%}
        {%- set fits = not new or new == old or modules.re.sub('varchar[(][0-9]+[)]', 'string', new) == old
            or (lengths | length == 2 and lengths[0] <= lengths[1]) -%}
        {%- if not fits -%}
            {%- do derived_tables._refuse_snapshot(
                'the column `' ~ column.name ~ '`', 'of the type `' ~ old ~ '`, as in ' ~ this, new,
                'Cast it in the query, or give the column a new name: what is stored keeps its type.'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set added = snapshot.added | map(attribute='id') | list -%}
    {%- set removed = snapshot.removed | map(attribute='id') | list -%}
    {%- set old = snapshot.table.columns | rejectattr('id', 'in', snapshot.table.partitioned_by + removed) | list -%}
    {%- set changed = (old if removed else []) + written | selectattr('id', 'in', added) | list -%}
    {%- if added or removed -%}
        {%- set defined = [] -%}
        {%- for column in changed -%}
            {%- set type = modules.re.sub('([^<>,:]+):', '`\\1`:', column.glue_type) -%}
            {%- do defined.append('`' ~ column.id ~ '` ' ~ type) -%}
        {%- endfor -%}
        {%- do derived_tables._check_snapshot_lock(snapshot) -%}
        {%- do run_query(
            'alter table ' ~ snapshot.relation.render_hive() ~ (' replace' if removed else ' add') ~ ' columns ('
            ~ defined | join(', ') ~ ')'
        ) -%}
    {%- endif -%}
{%- endmacro -%}
