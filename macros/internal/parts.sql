{#- Returns {domain, database, suffix, table, problems} of a model, seed or snapshot, from its path and name; `schema`
    and `alias` are the configured ones and win. `problems` is empty for a good name: two regular expressions decide
    that, because this runs several times for every node of a project. -#}

{%- macro _parts(node, schema, alias) -%}
    {%- set folders = (node.path | replace('\\', '/')).split('/')[:-1] -%}
    {%- set words = node.name.split('__', 1) -%}
    {%- set database = (schema or words[0]) | trim -%}
    {%- set version = '_v' ~ (node.version | string | replace('.', '_')) if node.version else '' -%}
    {%- set table = (alias or words[1] ~ version) | trim -%}
    {%- set parts = {
        'domain': folders[0], 'database': database, 'suffix': derived_tables.database_suffix(database),
        'table': table, 'problems': []
    } -%}

    {%- set word = '[a-z0-9]+(?:_[a-z0-9]+)*' -%}
    {%- set checked = [folders[0], database if schema else folders[1], database, '' if alias else table] | join('/') -%}
    {%- if not modules.re.fullmatch(word ~ '/(' ~ word ~ ')/\\1/(?:' ~ word ~ ')?', checked)
        or (alias and not modules.re.fullmatch('[a-z0-9_]+', table))
        or not table
        or modules.re.search(derived_tables._reserved_databases(), database)
        or table | length > 255
        or (database ~ parts.suffix) | length > 255 -%}
        {%- do parts.update({'problems': derived_tables._name_problems(node, folders, schema, alias, parts)}) -%}
    {%- endif -%}
    {{- return(parts) -}}
{%- endmacro -%}
