{#- Returns the snapshot that a value of the snapshot column stands for: {day, literal}. The literal is of the column's
    own type, so that a comparison with it leaves out all other partitions. -#}

{%- macro _snapshot_of_value(macro_name, table, value) -%}
    {%- if value.hour is not defined -%}
        {%- if value.isoformat is defined -%}
            {{- return({'day': value.isoformat(), 'literal': "date '" ~ value.isoformat() ~ "'"}) -}}
        {%- endif -%}
        {%- set text = value | string -%}
        {%- for format in table.formats -%}
            {%- set pattern = format.replace('.', '[.]').replace('%Y', '(?P<Y>[0-9]{4})', 1)
                .replace('%m', '(?P<m>[0-9]{2})', 1).replace('%d', '(?P<d>[0-9]{2})', 1) -%}
            {%- set found = modules.re.fullmatch(pattern, text) -%}
            {%- if found -%}
                {%- set parts = found.groupdict() -%}
                {%- set day = derived_tables._date_of(
                    macro_name, 'the snapshot `' ~ text ~ '` of ' ~ table.relation,
                    [parts.Y, parts.get('m', '01'), parts.get('d', '01')] | join('-'), 'Remove it from the table.'
                ) -%}
                {{- return({
                    'day': day.isoformat(), 'literal': text if value is number else "'" ~ text ~ "'"
                }) -}}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do derived_tables._invalid(
        macro_name, 'the column `' ~ table.column ~ '` of ' ~ table.relation,
        'a date, or a text or whole number like `' ~ table.formats | join('` or `') ~ '`', value,
        'Name the snapshot column (argument `column`), or set `snapshot_format` in the config of the model.'
    ) -%}
{%- endmacro -%}
