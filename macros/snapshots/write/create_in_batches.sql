{#- Makes the table of a run where Athena refuses to write so many partitions at once: rows are stored once without
    partitions, then go over a hundred partitions at a time. Nobody reads the table yet. -#}

{%- macro _create_in_batches(rows, snapshot) -%}
    {%- set staging = rows.incorporate(path={'identifier': rows.identifier ~ '_staging'}) -%}
    {%- do run_query(derived_tables._with_location(
        create_table_as(false, staging, snapshot.query, 'sql', true), snapshot.folder ~ '/staging'
    )) -%}
    {%- for batch in get_partition_batches(sql=staging, as_subquery=false) -%}
        {%- set selected = 'select * from ' ~ staging ~ ' where ' ~ batch -%}
        {%- if loop.first -%}
            {%- do run_query(derived_tables._with_location(
                create_table_as(false, rows, selected), snapshot.folder ~ '/rows'
            )) -%}
        {%- else -%}
            {%- do run_query('insert into ' ~ rows ~ '\n' ~ selected) -%}
        {%- endif -%}
        {%- do log(
            'derived_tables.snapshot_append: ' ~ this ~ ', batch ' ~ loop.index ~ ' of ' ~ loop.length, info=true
        ) -%}
    {%- endfor -%}
    {%- do adapter.clean_up_table(staging) -%}
    {%- do adapter.delete_from_glue_catalog(staging) -%}
{%- endmacro -%}
