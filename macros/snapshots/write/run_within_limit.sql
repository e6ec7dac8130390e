{#- Runs a statement that writes partitions on Athena as the model's `main` one. Returns whether Athena wrote them: it
    refuses more than 100 at once. -#}

{%- macro _run_within_limit(sql) -%}
    {%- set result = adapter.run_query_with_partitions_limit_catching(sql) -%}
    {%- set is_done = result != 'TOO_MANY_OPEN_PARTITIONS' -%}
    {%- set told = fromjson(result, {}) if is_done else {} -%}
    {%- do store_raw_result(
        name='main', message='OK ' ~ told.get('rowcount', ''), code='OK', rows_affected=told.get('rowcount', -1)
    ) -%}
    {{- return(is_done) -}}
{%- endmacro -%}
