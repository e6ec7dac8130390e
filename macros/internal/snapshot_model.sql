{#- Returns the table of a model that an operation is to work on, as `_snapshot_table` does; none if it is not built
    yet. Raises for a model that the project has not. -#}

{%- macro _snapshot_model(macro_name, model) -%}
    {%- set found = [] -%}
    {%- set known = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if model in (node.name, node.unique_id) -%}
            {%- do found.append(node) -%}
        {%- elif node.config.materialized == 'snapshot_append' -%}
            {%- do known.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if found | length != 1 -%}
        {%- do derived_tables._invalid(
            macro_name, '`model`', 'the name of one model', model,
            'Write e.g. `--args \'model: orders__daily\'`; where several have the name, its unique_id.'
            ~ (' Models with snapshots: ' ~ known | sort | join(', ') ~ '.' if known else '')
        ) -%}
    {%- endif -%}
    {%- set node = found[0] -%}
    {{- return(derived_tables._snapshot_table(
        macro_name, api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)
    )) -}}
{%- endmacro -%}
