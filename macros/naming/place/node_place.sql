{#- Returns {folders, domain, database, table, is_good} of a model, seed or snapshot, from its path and name; `schema`
    and `alias` are the configured ones and win. The database has no suffix. Regular expressions decide whether the name
    is good, because this runs several times for every node of a project. The domain of another package's nodes is its
    name. dbt's path of a snapshot that is written in YAML goes on after the name of the YAML file. -#}

{%- macro _node_place(node, schema, alias) -%}
    {%- set folders = modules.re.sub('[^/]+[.]ya?ml/', '', node.path | replace('\\', '/')).split('/')[:-1] -%}
    {%- set words = node.name.split('__', 1) -%}
    {%- set database = (schema or words[0]) | trim -%}
    {%- set version = '_v' ~ (node.version | string | replace('.', '_')) if node.version else '' -%}
    {%- set table = (alias or words[1] ~ version) | trim -%}

    {%- set word = '[a-z0-9]+(?:_[a-z0-9]+)*' -%}
    {%- set checked = [folders[0], database if schema else folders[1], database, '' if alias else table] | join('/') -%}
    {%- set is_ours = node.package_name == project_name -%}
    {%- set is_good = is_ours
        and modules.re.fullmatch(word ~ '/(' ~ word ~ ')/\\1/(?:' ~ word ~ ')?', checked)
        and (not alias or modules.re.fullmatch('[a-z0-9_]+', table))
        and 0 < table | length <= 255
        and not (
            modules.re.search('_(?:dev|dbt|sandbox|ci)', database)
            and modules.re.search(derived_tables._reserved_databases(), database)
        ) -%}
    {{- return({
        'folders': folders,
        'domain': folders[0] if is_ours else node.package_name,
        'database': database,
        'table': table,
        'is_good': is_good
    }) -}}
{%- endmacro -%}
