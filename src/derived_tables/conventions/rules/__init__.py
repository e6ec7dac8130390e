"""The conventions, one a file."""

from __future__ import annotations

from derived_tables.conventions.model import Rule
from derived_tables.conventions.rules.incremental_appends import INCREMENTAL_APPENDS
from derived_tables.conventions.rules.names import NAMES

#: All rules, by id.
RULES: tuple[Rule, ...] = (NAMES, INCREMENTAL_APPENDS)
