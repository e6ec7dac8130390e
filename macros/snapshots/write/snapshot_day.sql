{#- Returns the date of this run's snapshots, as a Python date: the first day of its week or month for a coarser
    grain. -#}

{%- macro _snapshot_day(macro_name, grain) -%}
    {%- set grain = grain or (model.config.get('snapshot_grain') if model and model.config else none) -%}
    {%- if not grain and model and model.resource_type == 'unit_test' -%}
        {#- A unit test has the model's text, not its config. -#}
        {%- set grain = modules.re.findall(
            'snapshot_grain[\'"]?\\s*[=:]\\s*[\'"]([a-z]+)', model.raw_code
        ) | first -%}
    {%- endif -%}
    {%- set grain = grain or 'day' -%}
    {%- do derived_tables._require_one_of(
        macro_name, '`snapshot_grain`', ['day', 'week', 'month'], grain, 'Leave it out for daily snapshots.'
    ) -%}
    {%- set today = run_started_at.date() -%}
    {%- set day = today -%}
    {%- if var('snapshot_date', none) is not none -%}
        {%- set day = derived_tables._date_of(
            macro_name, 'var `snapshot_date`', var('snapshot_date'),
            'Write `--vars \'snapshot_date: ' ~ today ~ '\'`, or leave it out for the date of the run in UTC.'
        ) -%}
    {%- endif -%}
    {%- if day > today and var('allow_future_snapshots', false) is not true -%}
        {%- do derived_tables._invalid(
            macro_name, 'var `snapshot_date`', 'at most ' ~ today ~ ', the date of this run in UTC', day,
            'If you mean a date in the future, add `allow_future_snapshots: true` to the vars.'
        ) -%}
    {%- endif -%}
    {%- if grain == 'week' -%}
        {%- set day = day - modules.datetime.timedelta(days=day.weekday()) -%}
    {%- elif grain == 'month' -%}
        {%- set day = day.replace(day=1) -%}
    {%- endif -%}
    {{- return(day) -}}
{%- endmacro -%}
