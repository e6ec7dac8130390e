{#- Keeps a dated copy of the model's rows with every run: appends the partition of `derived_tables.snapshot_date()`, or
    replaces that partition and nothing else. -#}

{%- materialization snapshot_append, default -%}
    {%- do derived_tables._invalid(
        'snapshot_append', 'the adapter', '`athena` or `duckdb`', target.type, 'Use another materialization there.'
    ) -%}
{%- endmaterialization -%}

{%- materialization snapshot_append, adapter='duckdb', supported_languages=['sql'] -%}
    {{- return(derived_tables._snapshot_append()) -}}
{%- endmaterialization -%}

{%- materialization snapshot_append, adapter='athena', supported_languages=['sql'] -%}
    {{- return(derived_tables._snapshot_append()) -}}
{%- endmaterialization -%}
