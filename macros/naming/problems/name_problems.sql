{#- Returns what is wrong with a node's place and name, one sentence each; empty when nothing is. -#}

{%- macro _name_problems(node, schema, alias) -%}
    {%- set place = derived_tables._node_place(node, schema, alias) -%}
    {%- set folders = place.folders -%}
    {%- set its_name = 'its name `' ~ node.name ~ '` ' -%}
    {%- set separators = node.name.split('__') | length - 1 -%}
    {%- set is_named = not (schema and alias) -%}
    {%- set suffix = derived_tables.database_suffix(place.database or none) -%}
    {%- set checks = [
        (not folders, 'it lies directly under its root folder; it must lie in <domain>/<database>/'),
        (folders | length == 1 and not schema,
            'it lies in a domain but in no database; it must lie in <domain>/<database>/')
    ] -%}
    {%- for folder in folders[:1 if schema else 2] -%}
        {%- do checks.append((
            not modules.re.fullmatch('[a-z0-9]+(_[a-z0-9]+)*', folder),
            'the folder `' ~ folder ~ '` is not in snake case'
        )) -%}
    {%- endfor -%}
    {%- do checks.extend([
        (is_named and separators == 0, its_name ~ 'has no `__` between database and table'),
        (is_named and separators > 1, its_name ~ 'contains `__` more than once'),
        (is_named and node.name != node.name | lower, its_name ~ 'has upper case letters'),
        (is_named and '-' in node.name, its_name ~ 'has a hyphen'),
        (is_named and '.' in node.name, its_name ~ 'has a dot'),
        (is_named and separators == 1 and not schema and folders | length > 1 and place.database != folders[1],
            'its name says database `' ~ place.database ~ '`, its folder says `' ~ folders[1] ~ '`'),
        (modules.re.search(derived_tables._reserved_databases(), place.database),
            'its database `' ~ place.database ~ '` looks like the database of another environment: _dev_dbt, '
            ~ '_sandbox, _ci, _dbt_deploy and _dbt_test__audit are reserved')
    ]) -%}
    {%- for kind, name in (('database', place.database ~ suffix), ('table', place.table)) -%}
        {%- do checks.append((
            name | length > 255,
            'its ' ~ kind ~ ' name has ' ~ name | length ~ ' characters in this environment; Glue allows 255'
        )) -%}
    {%- endfor -%}
    {%- set problems = checks | selectattr(0) | map(attribute=1) | list -%}
    {%- if not problems and not place.is_good -%}
        {%- do problems.append(
            'database `' ~ place.database ~ '` and table `' ~ place.table
            ~ '` must be in snake case: a to z, 0 to 9 and single `_` between them'
        ) -%}
    {%- endif -%}
    {{- return(problems) -}}
{%- endmacro -%}
