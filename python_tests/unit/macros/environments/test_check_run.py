"""check_run(): releases of dbt that it stops."""

from __future__ import annotations

import pytest
from dbt.context import base
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros


@pytest.mark.parametrize("version", ["2.0.0", "2.0.0-alpha.4", "2.1.3"])
def test_dbt_2_is_refused(macros: Macros, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """`require-dbt-version` stops no dbt 2: tried on an alpha."""
    monkeypatch.setattr(base, "dbt_version", version)
    with pytest.raises(CompilationError, match=rf"check_run: dbt must be older than 2.0, .*, got `{version}`"):
        macros.call("check_run")


def test_the_dbt_at_hand_is_not(macros: Macros) -> None:
    macros.call("check_run")
