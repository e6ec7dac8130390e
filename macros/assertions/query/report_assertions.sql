{#- Prints each assertion of the run that does not hold, by its test; dbt itself prints their number only. It looks
    at the rows that are stored, or asks again; failing values are not among what it reads. -#}

{%- macro _report_assertions(results) -%}
    {%- for result in results
        if result.status in ('fail', 'warn') and (result.node.test_metadata or {}).name == 'assertions__hold' -%}
        {%- set found = run_query(
            'select assertion, kind, column_name, severity, failures from '
            ~ (result.node.relation_name or '(\n' ~ result.node.compiled_code ~ '\n) as rows_of_the_test')
            ~ ' where failing_row = 1 order by severity, assertion'
        ) -%}
        {%- for row in found.rows -%}
            {%- do log(
                'derived_tables: ' ~ result.node.name ~ ': `' ~ row[0] ~ '` does not hold: ' ~ row[4] ~ ' '
                ~ ('failure' if row[4] == 1 else 'failures') ~ (' in ' ~ row[2] if row[2])
                ~ (' (warning)' if row[3] == 'warn'), info=true
            ) -%}
            {%- do log('derived_tables.assertion ' ~ tojson({
                'test': result.node.unique_id, 'assertion': row[0], 'kind': row[1], 'column': row[2],
                'severity': row[3], 'failures': row[4] | int
            })) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro -%}
