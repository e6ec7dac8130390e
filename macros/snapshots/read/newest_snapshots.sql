{#- Returns the values of the snapshot column in the newest two snapshots of what is tested, newest first, as SQL
    expressions; they are null where there are fewer snapshots.

    On Athena they are literals, from the list of partitions where there is one, so that the test prunes. A `where` of
    the test that names the column chooses among the snapshots; any other one chooses rows in them, and a snapshot in
    which it finds none is still the newest. -#}

{%- macro _newest_snapshots(macro_name, tested, column, format) -%}
    {%- set table = derived_tables._tested_table(tested) -%}
    {%- set chooses = tested is string
        and modules.re.search('(?i)\\b' ~ column ~ '\\b', tested.split(' where ', 1)[-1]) -%}
    {%- set day = derived_tables._as_date(macro_name, adapter.quote(column), format) -%}
    {{- return(adapter.dispatch('newest_snapshots', 'derived_tables')(
        tested if chooses or not table else table, column, day
    )) -}}
{%- endmacro -%}

{%- macro default__newest_snapshots(source, column, day) -%}
    {%- do derived_tables._unsupported_adapter('newest_snapshots') -%}
{%- endmacro -%}

{%- macro athena__newest_snapshots(source, column, day) -%}
    {%- set found = [] -%}
    {%- set table = derived_tables._tested_table(source) -%}
    {%- if execute and (not table or derived_tables._glue_table(table)) -%}
        {%- set key = adapter.quote(column) -%}
        {%- set listed = derived_tables._partitions_table(source, column) or source -%}
        {%- for row in run_query(
            'select ' ~ key ~ ' from (select distinct ' ~ key ~ ' from ' ~ listed ~ ') as snapshots where '
            ~ key ~ ' is not null order by ' ~ day ~ ' desc limit 2'
        ).rows -%}
            {%- set value = row[0] -%}
            {%- set quoted = "'" ~ (value | string).replace("'", "''") ~ "'" -%}
            {%- do found.append(
                value | string if value is number else quoted if value is string else 'date ' ~ quoted
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return((found + ['null', 'null'])[:2]) -}}
{%- endmacro -%}

{%- macro duckdb__newest_snapshots(source, column, day) -%}
    {%- set newest = 'select max_by(' ~ adapter.quote(column) ~ ', ' ~ day ~ ') from ' ~ source -%}
    {{- return([
        '(' ~ newest ~ ')',
        '(' ~ newest ~ ' where ' ~ day ~ ' < (select max(' ~ day ~ ') from ' ~ source ~ '))'
    ]) -}}
{%- endmacro -%}
