{#- Raises the one form of error this package has: what must be, what was got, and then what to do.
    `subject` names the argument, variable or file, in backticks. -#}

{%- macro _invalid(macro_name, subject, must_be, got, remedy) -%}
    {%- do exceptions.raise_compiler_error(
        'derived_tables.' ~ macro_name ~ ': ' ~ subject ~ ' must be ' ~ must_be
        ~ ', got ' ~ ('none' if got is none else '`' ~ got ~ '`') ~ '.\n' ~ remedy
    ) -%}
{%- endmacro -%}
