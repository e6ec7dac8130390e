{#- Returns the marks of all runs that write a snapshot of a table, or were interrupted; see `_snapshot_lock`. -#}

{%- macro _snapshot_marks(relation) -%}
    {%- set found = [] -%}
    {%- set pattern = modules.re.escape(relation.identifier) ~ '__dbt_snapshot_[0-9_]+' -%}
    {%- for each in adapter.list_relations_without_caching(relation.without_identifier()) -%}
        {%- if modules.re.fullmatch(pattern, each.identifier) -%}
            {%- do found.append(relation.incorporate(path={'identifier': each.identifier})) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro -%}
