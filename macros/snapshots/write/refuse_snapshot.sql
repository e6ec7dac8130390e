{#- Raises because the materialization cannot keep a snapshot of the model; `subject` is what is wrong with it. -#}

{%- macro _refuse_snapshot(subject, must_be, got, remedy) -%}
    {%- do derived_tables._invalid(
        'snapshot_append', subject ~ ' of `' ~ model.name ~ '`', must_be, got, remedy
    ) -%}
{%- endmacro -%}
