{#- Marks the table of the running model as one that holds its snapshots, if it is not marked yet. -#}

{%- macro _mark_snapshots(relation) -%}
    {%- set mark = derived_tables._mark_of(relation) -%}
    {%- if not (load_relation(mark) and load_relation(derived_tables._mark_of(relation, model))) -%}
        {%- do derived_tables._drop_marks(relation) -%}
        {#- The general one last: a run that is interrupted in between marks anew. -#}
        {%- for view in (derived_tables._mark_of(relation, model), mark) -%}
            {%- call statement('mark') -%}
                create or replace view {{ view }} as
                select '{{ model.unique_id }}' as node, 'snapshot_append' as materialization,
                    '{{ derived_tables.environment() }}' as environment
            {%- endcall -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
