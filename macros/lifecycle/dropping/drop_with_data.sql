{#- Drops the relations of a schema and their data, then the schema, and says so. Returns why it keeps relations,
    and the schema with them. -#}

{%- macro default__drop_with_data(schema) -%}
    {%- do derived_tables._unsupported_adapter('drop_with_data') -%}
{%- endmacro -%}

{%- macro athena__drop_with_data(schema) -%}
    {#- dbt-athena reads addresses with empty parts or a question mark as others. -#}
    {%- set below = modules.re.escape((target.s3_data_dir or '-').rstrip('/')) ~ '(/[^/?]+)+' -%}
    {%- set others = derived_tables._tables_beside(schema) -%}
    {%- set kept = [] -%}
    {%- for relation in adapter.list_relations_without_caching(schema) -%}
        {%- set location = (derived_tables._glue_table(relation) or {}).location -%}
        {%- set reasons = [] -%}
        {%- if location and not modules.re.fullmatch(below, location) -%}
            {%- do reasons.append('not below `s3_data_dir`') -%}
        {%- endif -%}
        {%- for other in others if location and ((other.location ~ '/').startswith(location ~ '/')
            or (location ~ '/').startswith(other.location ~ '/')) -%}
            {%- do reasons.append('overlaps with that of ' ~ other.relation) -%}
        {%- endfor -%}
        {%- if reasons -%}
            {%- do kept.append(relation ~ ': its location is ' ~ location ~ ', ' ~ reasons | join(', ')) -%}
        {%- else -%}
            {#- The data go first: what is interrupted is found again by its entry in Glue. -#}
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
    {%- for row in list_relations_without_caching(schema).rows -%}
        {%- set relation = schema.incorporate(path={'identifier': row['name']}, type=row['type']) -%}
        {%- do adapter.drop_relation(relation) -%}
        {%- do print('Dropped ' ~ relation) -%}
    {%- endfor -%}
    {#- With the functions and types in it. The first statement has begun a transaction. -#}
    {%- do run_query('drop schema if exists ' ~ schema ~ ' cascade') -%}
    {%- do adapter.commit() -%}
    {{- return([]) -}}
{%- endmacro -%}
