{#- Hook for the end of a run: prints which assertions do not hold, and takes the marks off tables whose snapshots are
    discarded. -#}

{%- macro finish_run(results) -%}
    {%- if execute -%}
        {%- do derived_tables._report_assertions(results) -%}
        {%- do derived_tables._unmark_discarded(results) -%}
    {%- endif -%}
{%- endmacro -%}
