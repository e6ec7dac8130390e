{#- Returns what is wrong with a node's place and name, one sentence each; empty when nothing is. -#}

{%- macro _name_problems(node, schema, alias) -%}
    {%- set problems = [] -%}
    {%- set place = derived_tables._node_place(node, schema, alias) -%}
    {%- set folders = place.folders -%}
    {%- set suffix = derived_tables.database_suffix(place.database or none) -%}
    {%- set snake_case = '[a-z0-9]+(?:_[a-z0-9]+)*' -%}
    {%- set separators = node.name.split('__') | length - 1 -%}
    {%- set named = not (schema and alias) -%}

    {%- if not folders -%}
        {%- do problems.append('it lies directly under its root folder; it must lie in <domain>/<database>/') -%}
    {%- elif folders | length == 1 and not schema -%}
        {%- do problems.append('it lies in a domain but in no database; it must lie in <domain>/<database>/') -%}
    {%- endif -%}
    {%- for folder in folders[:1 if schema else 2] if not modules.re.fullmatch(snake_case, folder) -%}
        {%- do problems.append('the folder `' ~ folder ~ '` is not in snake case') -%}
    {%- endfor -%}

    {%- if named and separators == 0 -%}
        {%- do problems.append('its name `' ~ node.name ~ '` has no `__` between database and table') -%}
    {%- elif named and separators > 1 -%}
        {%- do problems.append('its name `' ~ node.name ~ '` contains `__` more than once') -%}
    {%- endif -%}
    {%- if named and node.name != node.name | lower -%}
        {%- do problems.append('its name `' ~ node.name ~ '` has upper case letters') -%}
    {%- endif -%}
    {%- if named and '-' in node.name -%}
        {%- do problems.append('its name `' ~ node.name ~ '` has a hyphen') -%}
    {%- endif -%}
    {%- if named and separators == 1 and folders | length > 1 and not schema and place.database != folders[1] -%}
        {%- do problems.append(
            'its name says database `' ~ place.database ~ '`, its folder says `' ~ folders[1] ~ '`'
        ) -%}
    {%- endif -%}

    {%- if modules.re.search(derived_tables._reserved_databases(), place.database) -%}
        {%- do problems.append(
            'its database `' ~ place.database ~ '` looks like the database of another environment: _dev_dbt, '
            ~ '_sandbox, _ci, _dbt_deploy and _dbt_test__audit are reserved'
        ) -%}
    {%- endif -%}
    {%- for kind, name in [
        ('database', place.database ~ suffix), ('table', place.table)
    ] if name | length > 255 -%}
        {%- do problems.append(
            'its ' ~ kind ~ ' name has ' ~ name | length ~ ' characters in this environment; Glue allows 255'
        ) -%}
    {%- endfor -%}

    {%- if not problems and not place.is_good -%}
        {%- do problems.append(
            'database `' ~ place.database ~ '` and table `' ~ place.table
            ~ '` must be in snake case: a to z, 0 to 9 and single `_` between them'
        ) -%}
    {%- endif -%}
    {{- return(problems) -}}
{%- endmacro -%}
