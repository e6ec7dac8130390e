"""Tokens of statements."""

from __future__ import annotations

import pytest

from local_athena.statements.tokens import blanked, position, tokenize


@pytest.mark.parametrize(
    ("sql", "hive", "texts"),
    [
        ("select 'it''s' -- x\n, 1.5e3", False, ["select", "'it''s'", ",", "1.5e3"]),
        ('/* a\n\'b */ "a""b"', False, ['"a""b"']),
        ("'a\\'b' \"c\\\"d\" -- it's", True, ["'a\\'b'", '"c\\"d"']),
        ("`a``b`.2020_x", True, ["`a``b`", ".", "2020_x"]),
        ("a/*b*/", True, ["a", "/", "*", "b", "*", "/"]),
        ("", False, []),
    ],
)
def test_tokens(sql: str, hive: bool, texts: list[str]) -> None:
    *tokens, end = tokenize(sql, hive=hive)
    assert [token.text for token in tokens] == texts
    assert (end.kind, end.text) == ("end", "")


def test_positions_survive_blanking() -> None:
    sql = "create view v as\n  select 1"
    assert position(sql, sql.index("select")) == (2, 3)
    part = blanked(sql, sql.index("select"), len(sql))
    assert part.strip() == "select 1"
    assert position(part, part.index("select")) == (2, 3)
