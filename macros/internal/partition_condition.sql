{#- Returns the condition that chooses one partition, from its columns (quoted) and their values. -#}

{%- macro _partition_condition(keys, values) -%}
    {%- set found = [] -%}
    {%- for key in keys -%}
        {%- set value = values[loop.index0] -%}
        {%- if value is none -%}
            {%- do found.append(key ~ ' is null') -%}
        {%- elif value is boolean or value is number -%}
            {%- do found.append(key ~ ' = ' ~ value | string | lower) -%}
        {%- elif value.isoformat is defined -%}
            {%- set kind = 'timestamp' if value.hour is defined else 'date' -%}
            {%- do found.append(key ~ ' = ' ~ kind ~ " '" ~ value ~ "'") -%}
        {%- else -%}
            {%- do found.append(key ~ " = '" ~ value.replace("'", "''") ~ "'") -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(found | join(' and ')) -}}
{%- endmacro -%}
