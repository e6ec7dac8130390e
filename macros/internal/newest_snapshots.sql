{#- Returns the values of the snapshot column in the newest snapshots of what is tested, newest first, as SQL
    expressions; they are null where there are fewer snapshots.

    On Athena they are literals, told by the list of partitions where there is one, so that the test prunes. A `where`
    of the test that names the column chooses among the snapshots; any other one chooses rows in them, and a snapshot in
    which it finds none is still the newest. -#}

{%- macro _newest_snapshots(macro_name, model, column, format, count) -%}
    {%- set key = adapter.quote(column) -%}
    {%- set day = derived_tables._text_as_date(macro_name, key, format) -%}
    {%- set table = modules.re.search('(?:^|from )("[^"]+"[.]"[^"]+"[.]"[^"]+")', model | string) -%}
    {%- set names_column = model is string
        and modules.re.search('(?i)\\b' ~ column ~ '\\b', model.split(' where ', 1)[-1]) -%}
    {%- set source = model | string if names_column or not table else table[1] -%}
    {%- set found = [] -%}
    {%- if execute and target.type == 'athena' and table -%}
        {%- set parts = table[1][1:-1].split('"."') -%}
        {%- set exists = adapter.get_glue_table(
            api.Relation.create(database=parts[0], schema=parts[1], identifier=parts[2])
        ) -%}
        {%- set listed = derived_tables._partitions_relation(source, column) or source -%}
        {%- set query = 'select ' ~ key ~ ' from (select distinct ' ~ key ~ ' from ' ~ listed ~ ') as snapshots where '
            ~ key ~ ' is not null order by ' ~ day ~ ' desc limit ' ~ count -%}
        {%- for row in (run_query(query).rows if exists else []) -%}
            {%- set value = row[0] -%}
            {%- if value is string -%}
                {%- do found.append("'" ~ value.replace("'", "''") ~ "'") -%}
            {%- else -%}
                {%- do found.append(value | string if value is number else "date '" ~ value ~ "'") -%}
            {%- endif -%}
        {%- endfor -%}
        {{- return((found + ['null', 'null'])[:count]) -}}
    {%- endif -%}
    {%- set newest = 'max(' ~ key ~ ')' if format is none else 'max_by(' ~ key ~ ', ' ~ day ~ ')' -%}
    {%- set newest = 'select ' ~ newest ~ ' from ' ~ source -%}
    {{- return([
        '(' ~ newest ~ ')',
        '(' ~ newest ~ ' where ' ~ day ~ ' < (select max(' ~ day ~ ') from ' ~ source ~ '))'
    ][:count]) -}}
{%- endmacro -%}
