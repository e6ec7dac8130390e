{#- dbt looks for these two names in the project that it runs, never in a package: pass them on. -#}

{%- macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {{- return(derived_tables.generate_schema_name(custom_schema_name, node)) -}}
{%- endmacro -%}

{%- macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{- return(derived_tables.generate_alias_name(custom_alias_name, node)) -}}
{%- endmacro -%}
