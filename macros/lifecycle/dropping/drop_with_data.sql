{#- Drops the relations of a schema and their data, then the schema, and says so. Returns those that it keeps, with the
    reason; then the schema stays, too. -#}

{%- macro default__drop_with_data(schema) -%}
    {%- do derived_tables._unsupported_adapter('drop_schema') -%}
{%- endmacro -%}

{%- macro athena__drop_with_data(schema) -%}
    {#- dbt-athena reads addresses with empty parts or a question mark as others. -#}
    {%- set below = modules.re.escape((target.s3_data_dir or '-').rstrip('/')) ~ '(/[^/?]+)+' -%}
    {%- set others = derived_tables._locations_beside(schema) -%}
    {%- set kept = [] -%}
    {#- The data go first: what is interrupted is found again by its entry in Glue. -#}
    {%- for relation in adapter.list_relations_without_caching(schema) -%}
        {%- set location = (derived_tables._glue_table(relation) or {}).location -%}
        {%- set overlaps = [] -%}
        {%- for name, other in others.items() if location
            and ((other ~ '/').startswith(location ~ '/') or (location ~ '/').startswith(other ~ '/')) -%}
            {%- do overlaps.append(name) -%}
        {%- endfor -%}
        {%- if location and not modules.re.fullmatch(below, location) -%}
            {%- do kept.append(relation ~ ': its location is not below `s3_data_dir`, but ' ~ location) -%}
        {%- elif overlaps -%}
            {%- do kept.append(
                relation ~ ': its location ' ~ location ~ ' overlaps with that of ' ~ overlaps | join(', ')
            ) -%}
        {%- else -%}
            {%- if location -%}
                {%- do adapter.delete_from_s3(location) -%}
            {%- endif -%}
            {%- do adapter.delete_from_glue_catalog(relation) -%}
            {%- do print('Dropped ' ~ relation) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not kept -%}
        {#- Not by cascade, which would leave the data of what has been made meanwhile. -#}
        {%- do run_query('drop schema if exists ' ~ schema.render_hive()) -%}
    {%- endif -%}
    {{- return(kept) -}}
{%- endmacro -%}

{%- macro duckdb__drop_with_data(schema) -%}
    {%- for relation in adapter.list_relations(schema.database, schema.schema) -%}
        {%- do adapter.drop_relation(relation) -%}
        {%- do print('Dropped ' ~ relation) -%}
    {%- endfor -%}
    {#- With the functions and types in it. -#}
    {%- do run_query('drop schema if exists ' ~ schema ~ ' cascade') -%}
    {{- return([]) -}}
{%- endmacro -%}
