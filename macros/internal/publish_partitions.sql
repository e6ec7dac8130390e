{#- Makes the partitions of one snapshot of a Hive table those that are given, as {name: location}, and removes the
    other ones of the snapshot. Readers see all new partitions of a date that was not there at once (as many as fit into
    one statement); a partition that exists already changes its location in one call, so they see its old data or its
    new. -#}

{%- macro _publish_partitions(snapshot, relation, old, new, lock, folder) -%}
    {%- set table = relation.render_hive() -%}
    {%- set added = [] -%}
    {%- for name, location in new.items() if name not in old -%}
        {%- do added.append(
            ' partition ' ~ derived_tables._partition_spec(name) ~ " location '" ~ location.replace("'", "\\'") ~ "/'"
        ) -%}
    {%- endfor -%}
    {%- set statements = derived_tables._statements_of('alter table ' ~ table ~ ' add if not exists', added, '') -%}
    {%- for name, location in new.items() if name in old -%}
        {%- do statements.append(
            'alter table ' ~ table ~ ' partition ' ~ derived_tables._partition_spec(name) ~ " set location '"
            ~ location.replace("'", "\\'") ~ "/'"
        ) -%}
    {%- endfor -%}
    {%- set dropped = [] -%}
    {%- for name in old if name not in new -%}
        {%- do dropped.append(' partition ' ~ derived_tables._partition_spec(name)) -%}
    {%- endfor -%}
    {%- do statements.extend(
        derived_tables._statements_of('alter table ' ~ table ~ ' drop if exists', dropped, ',')
    ) -%}
    {%- for statement in statements -%}
        {%- do derived_tables._check_snapshot_lock(snapshot, lock, folder) -%}
        {%- do run_query(statement) -%}
    {%- endfor -%}
{%- endmacro -%}
