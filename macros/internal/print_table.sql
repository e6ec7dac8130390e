{#- Prints rows of texts and numbers as a table for people: numbers to the right, thousands apart. -#}

{%- macro _print_table(header, rows) -%}
    {%- set lines = [header] -%}
    {%- for row in rows -%}
        {%- set line = [] -%}
        {%- for value in row -%}
            {%- do line.append('' if value is none else '{:,}'.format(value) if value is number else value | string) -%}
        {%- endfor -%}
        {%- do lines.append(line) -%}
    {%- endfor -%}
    {%- set widths = [] -%}
    {%- for _ in header -%}
        {%- set column = loop.index0 -%}
        {%- do widths.append(lines | map(attribute=column) | map('length') | max) -%}
    {%- endfor -%}
    {%- for line in lines -%}
        {%- set cells = [] -%}
        {%- for cell in line -%}
            {%- set width = widths[loop.index0] -%}
            {%- do cells.append(cell.ljust(width) if loop.first else cell.rjust(width)) -%}
        {%- endfor -%}
        {%- do print((cells | join('  ')).rstrip()) -%}
    {%- endfor -%}
{%- endmacro -%}
