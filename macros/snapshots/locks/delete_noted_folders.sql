{#- Deletes the noted folders of a Hive table that no query can read any more: those that were replaced long enough ago,
    of all snapshots that no run is writing. Of the own snapshot, the tables of interrupted runs go at once. -#}

{%- macro _delete_noted_folders(snapshot, grace_minutes) -%}
    {%- set relation = snapshot.relation -%}
    {%- set limit = (
        modules.datetime.datetime.now(modules.pytz.utc) - modules.datetime.timedelta(minutes=grace_minutes)
    ).strftime('%Y%m%d%H%M') -%}
    {%- set names = adapter.list_relations_without_caching(relation.without_identifier())
        | map(attribute='identifier') | list -%}
    {%- set pattern = '^' ~ modules.re.escape(relation.identifier)
        ~ '__dbt_(replaced|interrupted)_([0-9a-f]{12})_([0-9]{12})_([0-9_]+)$' -%}
    {%- set notes, newest, interrupted, left = [], {}, [], [] -%}
    {%- for name in names -%}
        {%- for reason, folder, time, text in modules.re.findall(pattern, name) -%}
            {%- do notes.append({'name': name, 'folder': folder, 'text': text}) -%}
            {%- do newest.update({folder: [time, newest.get(folder, time)] | max}) -%}
            {%- if reason == 'interrupted' -%}
                {%- do interrupted.append(folder) -%}
            {%- endif -%}
        {%- else -%}
            {%- if name.startswith(snapshot.lock.identifier ~ '_') -%}
                {%- do left.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for note in notes -%}
        {%- set lock = derived_tables._snapshot_lock(relation, note.text) -%}
        {%- set is_own = lock.identifier == snapshot.lock.identifier -%}
        {%- set is_over = newest[note.folder] <= limit and (is_own or lock.identifier not in names) -%}
        {%- set is_interrupted = note.folder in interrupted -%}
        {%- set found = derived_tables._glue_table(relation.incorporate(path={'identifier': note.name}))
            if is_over or (is_own and is_interrupted and left) else none -%}
        {%- if found -%}
            {%- set text = found.parameters['snapshot'] -%}
            {%- set noted = dict(
                snapshot, lock=lock, text=text, literal=snapshot.literal.replace(snapshot.text, text)
            ) -%}
            {%- if is_interrupted -%}
                {%- do derived_tables._forget_run(noted, found.location) -%}
            {%- endif -%}
            {%- if is_over -%}
                {#- Any partition may lie there, whatever its date. -#}
                {%- if not run_query(
                    'select 1 from ' ~ relation ~ ' where starts_with("$path", \''
                    ~ found.location.replace("'", "''") ~ "/') limit 1"
                ).rows -%}
                    {%- do adapter.delete_from_s3(found.location) -%}
                {%- endif -%}
                {%- do adapter.delete_from_glue_catalog(found.relation) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro -%}
