"""What the package costs at each parse, counted in a way that depends on no machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: Of all macros and generic tests: at most this, so that full parses stay cheap.
BUDGET = 22_800


@pytest.fixture
def printed(repository: Path) -> list[list[str]]:
    """The table that the script prints, as rows of number and folder."""
    script = str(repository / "scripts/jinja_tokens.py")
    found = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True).stdout
    return [line.split(maxsplit=1) for line in found.splitlines()]


def test_macros_stay_within_the_budget(printed: list[list[str]]) -> None:
    *folders, (total, label) = [(int(number.replace(",", "")), label) for number, label in printed]
    assert label == "in total"
    assert total == sum(number for number, _ in folders)
    assert 0 < total <= BUDGET


def test_every_folder_of_macros_is_counted(printed: list[list[str]], repository: Path) -> None:
    files = [file for root in ("macros", "tests") for file in (repository / root).rglob("*.sql")]
    assert {folder for _, folder in printed[:-1]} == {file.parent.relative_to(repository).as_posix() for file in files}


@pytest.mark.parametrize(
    ("source", "tokens"),
    [
        # {% macro name ( ) %} text {% endmacro %}
        ("{% macro name() %}text{% endmacro %}", 10),
        # A comment and the white space of a trimmed tag are free: {%- macro name ( ) -%} {%- endmacro -%}
        ("{#- What it is for. -#}\n\n{%- macro name() -%}\n    {%- endmacro -%}", 9),
        # {{ ref ( 'a' ) }} text {{ x . y }}
        ("{{ ref('a') }} and {{ x.y }}", 12),
        # dbt's own tags: {% do x %} {% materialization a , default %} {% endmaterialization %}
        ("{% do x %}{% materialization a, default %}{% endmaterialization %}", 13),
    ],
)
def test_tokens_are_counted_as_jinja_finds_them(source: str, tokens: int, tmp_path: Path, repository: Path) -> None:
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros/one.sql").write_text(source, encoding="utf-8")
    command = [sys.executable, str(repository / "scripts/jinja_tokens.py"), str(tmp_path)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert found.split()[0] == str(tokens)
