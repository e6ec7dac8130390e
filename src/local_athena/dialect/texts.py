"""How Trino writes numbers, dates, times and intervals as text: macros that generated SQL calls."""

from __future__ import annotations

TEXT_MACROS = (
    # Digits of a number as DuckDB prints it, without the zeros around them; and the exponent of the first of them.
    "trino_digits(shown) AS rtrim(ltrim(replace(ltrim(split_part(shown, 'e', 1), '-'), '.', ''), '0'), '0')",
    "trino_leading_zeros(shown) AS"
    " length(regexp_extract(replace(ltrim(split_part(shown, 'e', 1), '-'), '.', ''), '^0*'))",
    "trino_exponent(shown) AS"
    " (length(split_part(ltrim(split_part(shown, 'e', 1), '-'), '.', 1)) - 1 - trino_leading_zeros(shown)"
    " + coalesce(TRY_CAST(split_part(shown, 'e', 2) AS INTEGER), 0))",
    "trino_scientific(shown) AS (CASE WHEN left(shown, 1) = '-' THEN '-' ELSE '' END"
    " || left(trino_digits(shown), 1) || '.' || coalesce(nullif(substring(trino_digits(shown), 2), ''), '0')"
    " || 'E' || trino_exponent(shown))",
    "trino_not_finite(x) AS (CASE WHEN isnan(x) THEN 'NaN' WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END)",
    # Of a number from 1, without an exponent.
    r"trino_plain_scientific(shown) AS"
    r" (regexp_replace(rtrim(regexp_replace(shown, '^(-?\d)(\d*)\.(\d*)$', '\1.\2\3'), '0'), '\.$', '.0')"
    " || 'E' || (strpos(ltrim(shown, '-'), '.') - 2))",
    # As CAST gives a double, and a real: of that, seven digits.
    "trino_floating_text(x) AS (CASE WHEN abs(x) >= 1 AND abs(x) < 1e15"
    " THEN list_transform([CAST(x AS VARCHAR)], lambda shown: trino_plain_scientific(shown))[1]"
    " WHEN NOT isfinite(x) THEN trino_not_finite(x) WHEN x = 0 THEN CASE WHEN signbit(x) THEN '-0E0' ELSE '0E0' END"
    " ELSE list_transform([CAST(x AS VARCHAR)], lambda shown: trino_scientific(shown))[1] END)",
    r"trino_tidy_scientific(shown) AS"
    r" replace(regexp_replace(shown, '^(-?\d\.\d+?)0*e([+-])0*(\d+)$', '\1E\2\3'), '+', '')",
    "trino_real_text(x) AS (CASE WHEN x = 0 OR NOT isfinite(x) THEN trino_floating_text(x)"
    " ELSE trino_tidy_scientific(format('{:.6e}', CAST(x AS DOUBLE))) END)",
    # As Java prints a double or real.
    "trino_java_floating_text(x) AS (CASE WHEN x = 0 OR (abs(x) >= 1e-3 AND abs(x) < 1e7) THEN CAST(x AS VARCHAR)"
    " WHEN NOT isfinite(x) THEN trino_not_finite(x)"
    " ELSE list_transform([CAST(x AS VARCHAR)], lambda shown: trino_scientific(shown))[1] END)",
    # DuckDB prints more digits of a large real than it takes to tell it from others.
    "trino_java_real_text(x) AS (CASE WHEN abs(x) < 1e7 OR NOT isfinite(x) THEN trino_java_floating_text(x)"
    " WHEN CAST(format('{:.6e}', CAST(x AS DOUBLE)) AS FLOAT) = x THEN trino_real_text(x)"
    " WHEN CAST(format('{:.7e}', CAST(x AS DOUBLE)) AS FLOAT) = x"
    " THEN trino_tidy_scientific(format('{:.7e}', CAST(x AS DOUBLE)))"
    " ELSE trino_tidy_scientific(format('{:.8e}', CAST(x AS DOUBLE))) END)",
    "trino_year_text(d) AS (CASE WHEN year(d) < 0 THEN '-' ELSE '' END || CASE WHEN abs(year(d)) < 10000"
    " THEN lpad(CAST(abs(year(d)) AS VARCHAR), 4, '0') ELSE CAST(abs(year(d)) AS VARCHAR) END)",
    "trino_date_text(d) AS (CASE WHEN year(d) BETWEEN 1 AND 9999 THEN CAST(d AS VARCHAR)"
    " ELSE trino_year_text(d) || strftime(d, '-%m-%d') END)",
    # `digits` counts the digits of a second; the point goes with them.
    "trino_clock_text(t, digits) AS"
    " left(strftime(DATE '2000-01-01' + CAST(t AS TIME), '%H:%M:%S.%f'), digits + 8 + sign(digits))",
    "trino_timestamp_text(t, digits) AS (CASE WHEN year(t) BETWEEN 1 AND 9999"
    " THEN left(strftime(t, '%Y-%m-%d %H:%M:%S.%f'), digits + 19 + sign(digits))"
    " ELSE trino_date_text(CAST(t AS DATE)) || ' '"
    " || left(strftime(t, '%H:%M:%S.%f'), digits + 8 + sign(digits)) END)",
    "trino_zoned_text(z, digits) AS (trino_timestamp_text(trino_local(z.instant, z.zone), digits) || ' ' || z.zone)",
    "trino_offset_text(minutes) AS (CASE WHEN minutes < 0 THEN '-' ELSE '+' END"
    " || format('{:02d}:{:02d}', abs(minutes) // 60, abs(minutes) % 60))",
    "trino_zoned_clock_text(z, digits) AS"
    " (trino_clock_text(trino_clock_of(z), digits) || trino_offset_text(trino_offset_of(z)))",
    "trino_interval_text(ms) AS (CASE WHEN ms < 0 THEN '-' ELSE '' END || format('{} {:02d}:{:02d}:{:02d}.{:03d}',"
    " abs(ms) // 86400000, abs(ms) // 3600000 % 24, abs(ms) // 60000 % 60, abs(ms) // 1000 % 60, abs(ms) % 1000))",
    "trino_months_text(months) AS (CASE WHEN months < 0 THEN '-' ELSE '' END"
    " || (abs(months) // 12) || '-' || (abs(months) % 12))",
)
