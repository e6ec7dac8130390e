{#- Returns how a tested table is best read, and what may be shown of it: {plan, shown}. `plan` is `branches` for
    columnar files, whose statistics answer simple questions, else `pass`; `shown` are the columns, in lower case, whose
    values have a text and are no personal data (`shows_all`: or are). Without a table, e.g. before it is built: `pass`,
    and none. -#}

{%- macro _tested_storage(tested, shows_all) -%}
    {%- set relation = derived_tables._tested_table(tested) -%}
    {%- set stored = derived_tables._stored_table(relation) if execute and relation -%}
    {%- if not stored -%}
        {{- return({'plan': 'pass', 'shown': []}) -}}
    {%- endif -%}
    {%- set hidden = [] -%}
    {%- set node = derived_tables._tested_node() -%}
    {%- for column in node.columns.values()
        if (column.meta.personal_data or column.config.meta.personal_data) and not shows_all -%}
        {%- do hidden.append(column.name | lower) -%}
    {%- endfor -%}
    {%- set shown = [] -%}
    {%- for column in stored.columns
        if column.id not in hidden and not modules.re.match('array|row|map|varbinary', column.type) -%}
        {%- do shown.append(column.id) -%}
    {%- endfor -%}
    {%- set format = stored.kind ~ stored.get('serde', {}).get('SerializationLibrary', '') | lower -%}
    {{- return({
        'plan': 'branches' if modules.re.search('duckdb|iceberg|parquet|orc', format) else 'pass', 'shown': shown
    }) -}}
{%- endmacro -%}
