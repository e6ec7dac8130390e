{#- Takes the marks off tables whose snapshots a run has discarded; not before what replaces them has been built. -#}

{%- macro _unmark_discarded(results) -%}
    {%- for result in results
        if var('discard_snapshots', false) is true and result.status == 'success'
        and (result.node.config.materialized or 'snapshot_append') != 'snapshot_append' -%}
        {%- set table = api.Relation.create(
            database=result.node.database, schema=result.node.schema, identifier=result.node.alias
        ) -%}
        {%- if load_relation(derived_tables._mark_of(table)) -%}
            {%- do derived_tables._drop_marks(table) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
