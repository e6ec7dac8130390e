{#- Returns the node of which the test at hand is. -#}

{%- macro _tested_node() -%}
    {%- set id = model.attached_node or (model.depends_on.nodes + [''])[0] -%}
    {{- return(graph.nodes.get(id) or graph.sources.get(id) or model) -}}
{%- endmacro -%}
