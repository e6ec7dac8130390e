"""Names of partitions in paths."""

from __future__ import annotations

import pytest

from local_athena.hive.partitions import escape, path_name, unescape, values_in_path


# What Trino 470 made of the same values.
@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("a b", "a b"),
        ("x/y", "x%2Fy"),
        ("k=v", "k%3Dv"),
        ("100%", "100%25"),
        ("a:b#c{d}[e]^f~", "a%3Ab%23c%7Bd}%5Be%5D%5Ef~"),
        ("", "__HIVE_DEFAULT_PARTITION__"),
    ],
)
def test_escape(value: str, escaped: str) -> None:
    assert escape(value) == escaped
    assert unescape(escaped) == (value or escaped)


def test_path() -> None:
    assert path_name(["y", "m"], ["2020", "a/b"]) == "y=2020/m=a%2Fb"


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("y=2020/m=1", ("2020", "1")),
        ("y=2020/m=a%2Fb", ("2020", "a/b")),
        ("y=2020", None),
        ("m=1/y=2020", None),
        ("Y=2020/m=1", None),
        ("2020/1", None),
    ],
)
def test_values_in_path(path: str, values: tuple[str, ...] | None) -> None:
    assert values_in_path(path, ["y", "m"]) == values
