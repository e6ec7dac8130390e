{#- Returns the view beside a table that says that the table holds snapshots; with a node, the one that says that they
    are the node's. Views, because they cost no call of their own: dbt has their names in its cache, and neither
    persist_docs nor what alters, compacts or moves the table touches them. -#}

{%- macro _mark_of(relation, node=none) -%}
    {{- return(api.Relation.create(
        database=relation.database, schema=relation.schema, type='view',
        identifier=relation.identifier ~ '__dbt_snapshots' ~ ('_of_' ~ local_md5(node.unique_id)[:8] if node else '')
    )) -}}
{%- endmacro -%}
