{#- Makes the partitions of one snapshot of a Hive table those that are given, with their locations, and removes the
    other ones of the snapshot. What they pointed to before is noted for deletion. Readers see all new partitions of a
    date that was not there at once (as many as fit into one statement); a partition that exists already changes its
    location in one call, so they see its old data or its new. -#}

{%- macro _publish_partitions(snapshot, new) -%}
    {%- set old = derived_tables._partitions_of(snapshot) -%}
    {%- for folder in derived_tables._folders_to_note(old, snapshot.table.location) -%}
        {%- do derived_tables._note_folder(snapshot, folder, 'replaced') -%}
    {%- endfor -%}
    {%- set alter = 'alter table ' ~ snapshot.relation.render_hive() -%}
    {%- set added, moved, dropped = [], [], [] -%}
    {%- for partition in new -%}
        {%- set location = " location '" ~ partition.location.replace("'", "\\'") ~ "/'" -%}
        {%- if partition.name in old | map(attribute='name') -%}
            {%- do moved.append(alter ~ partition.spec ~ ' set' ~ location) -%}
        {%- else -%}
            {%- do added.append(partition.spec ~ location) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for partition in old if partition.name not in new | map(attribute='name') -%}
        {%- do dropped.append(partition.spec) -%}
    {%- endfor -%}
    {%- for sql in derived_tables._statements_of(alter ~ ' add if not exists', added, '') + moved
        + derived_tables._statements_of(alter ~ ' drop if exists', dropped, ',') -%}
        {%- do derived_tables._check_snapshot_lock(snapshot) -%}
        {%- do run_query(sql) -%}
    {%- endfor -%}
{%- endmacro -%}
