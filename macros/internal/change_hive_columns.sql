{#- Gives a Hive table the columns that `on_schema_change` asks for, with the types that the rows of this run have;
    raises if a column that is there already has another type now: old snapshots could not be read with it. `entry` and
    `written` are the entries in Glue of the table and of the rows. The statements are not dbt-athena's, which names
    some types as Hive does not. -#}

{%- macro _change_hive_columns(snapshot, change, relation, entry, written) -%}
    {%- set types = {} -%}
    {%- for column in written['StorageDescriptor']['Columns'] + written['PartitionKeys'] -%}
        {%- do types.update({column['Name']: column['Type']}) -%}
    {%- endfor -%}
    {%- set defined = [] -%}
    {%- for column in entry['StorageDescriptor']['Columns'] + entry['PartitionKeys'] if column['Name'] in types -%}
        {%- set new = types[column['Name']] -%}
        {%- set lengths = modules.re.findall('^varchar[(]([0-9]+)[)]$', new) + modules.re.findall(
            '^varchar[(]([0-9]+)[)]$', column['Type']
        ) -%}
        {%- set fits = new == column['Type'] or modules.re.sub('varchar[(][0-9]+[)]', 'string', new) == column['Type']
            or (lengths | length == 2 and lengths[0] | int <= lengths[1] | int) -%}
        {%- if not fits -%}
            {%- do derived_tables._invalid(
                'snapshot_append', 'the column `' ~ column['Name'] ~ '` of `' ~ model.name ~ '`',
                'of the type `' ~ column['Type'] ~ '`, as in ' ~ relation, new,
                'Cast it in the query, or give the column a new name: what is stored already keeps its type.'
            ) -%}
        {%- endif -%}
        {%- if column['Name'] not in snapshot.partitioned_by -%}
            {%- do defined.append(
                '`' ~ column['Name'] ~ '` ' ~ modules.re.sub('([^<>,:]+):', '`\\1`:', column['Type'])
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
