"""Dates that people type."""

from __future__ import annotations

from datetime import date

import pytest

from derived_tables.cli.dates import one_date, several_dates
from derived_tables.errors import RefusedError


def test_dates() -> None:
    assert one_date("--start", None) is None
    assert several_dates("--dates", None) is None
    assert one_date("--start", "2024-02-29") == date(2024, 2, 29)
    assert several_dates("--dates", "2024-02-01, 2024-01-31,2024-02-01") == [date(2024, 1, 31), date(2024, 2, 1)]


@pytest.mark.parametrize("text", ["2024-02-30", "20240203", "2024-W05-1", "2024-2-3", "tomorrow", "", " 2024-02-03"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        one_date("--start", text)
    assert str(refused.value) == (
        f"`--start` must be a date like `2024-01-31`, got `{text}`.\nWrite e.g. `--start 2024-01-31`."
    )


def test_an_empty_place_in_a_list_is_refused() -> None:
    for text in ("2024-01-01,", "", ",2024-01-01"):
        with pytest.raises(RefusedError, match="`--dates` must be a date like `2024-01-31`, got ``"):
            several_dates("--dates", text)
