{#- Deletes the noted folders of a Hive table that no query can read any more: those that were replaced long enough ago,
    of all snapshots that no run is writing. Of the own snapshot, the tables of interrupted runs go at once. -#}

{%- macro _delete_replaced(snapshot, relation, lock, grace_minutes) -%}
    {%- set limit = (
        modules.datetime.datetime.now(modules.pytz.utc) - modules.datetime.timedelta(minutes=grace_minutes)
    ).strftime('%Y%m%d%H%M') -%}
    {%- set names = adapter.list_relations_without_caching(relation.without_identifier())
        | map(attribute='identifier') | list -%}
    {%- set pattern = modules.re.escape(relation.identifier)
        ~ '__dbt_(replaced|interrupted)_([0-9a-f]{12})_([0-9]{12})_([0-9_]+)' -%}
    {%- set notes = [] -%}
    {%- set newest = {} -%}
    {%- set interrupted = [] -%}
    {%- set has_tables = namespace(left=false) -%}
    {%- for name in names -%}
        {%- set found = modules.re.fullmatch(pattern, name) -%}
        {%- if found -%}
            {%- set reason, folder, time, text = found.groups() -%}
            {%- do notes.append({'name': name, 'folder': folder, 'text': text}) -%}
            {%- do newest.update({folder: [time, newest.get(folder, time)] | max}) -%}
            {%- if reason == 'interrupted' -%}
                {%- do interrupted.append(folder) -%}
            {%- endif -%}
        {%- elif name.startswith(lock.identifier ~ '_') -%}
            {%- set has_tables.left = true -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for note in notes -%}
        {%- set mark = relation.incorporate(
            path={'identifier': relation.identifier ~ '__dbt_snapshot_' ~ note.text}
        ) -%}
        {%- set is_own = mark.identifier == lock.identifier -%}
        {%- set is_over = newest[note.folder] <= limit and (is_own or mark.identifier not in names) -%}
        {%- set is_interrupted = note.folder in interrupted -%}
        {%- set noted = relation.incorporate(path={'identifier': note.name}) -%}
        {%- set is_wanted = is_over or (is_own and is_interrupted and has_tables.left) -%}
        {%- set found = adapter.get_glue_table(noted) if is_wanted else none -%}
        {%- if found -%}
            {%- set folder = found['Table']['StorageDescriptor']['Location'].rstrip('/') -%}
            {%- set text = found['Table']['Parameters']['snapshot'] -%}
            {%- if is_interrupted -%}
                {%- do derived_tables._forget_run(dict(snapshot, text=text), mark, folder) -%}
            {%- endif -%}
            {%- if is_over -%}
                {%- set used = [] -%}
                {%- set other = dict(snapshot, literal=snapshot.literal.replace(snapshot.text, text)) -%}
                {%- for location in derived_tables._partitions_of(relation, other).values()
                    if ((location or '') ~ '/').startswith(folder ~ '/') -%}
                    {%- do used.append(location) -%}
                {%- endfor -%}
                {%- if not used -%}
                    {%- do adapter.delete_from_s3(folder) -%}
                {%- endif -%}
                {%- do adapter.delete_from_glue_catalog(noted) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
