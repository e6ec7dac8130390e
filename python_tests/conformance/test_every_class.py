"""No class of dbt-tests-adapter is forgotten: each one runs, is skipped with a reason, or stands here with one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path

import dbt.tests.adapter
import pytest

from .marks import DBT

#: Whole modules of the suite that are about what neither adapter has.
LEFT_OUT = {
    "functions.test_js_udfs": "functions in JavaScript: neither engine has any",
    "functions.test_udafs": "aggregate functions: neither adapter has macros for them",
}

#: Classes of the suite that are about what neither adapter has.
LEFT_OUT_CLASSES = {
    **dict.fromkeys(
        (
            "UDFsBasic",
            "DeterministicUDF",
            "StableUDF",
            "NonDeterministicUDF",
            "PythonUDFSupported",
            "SqlUDFDefaultArgSupport",
            "PythonUDFDefaultArgSupport",
            "PythonUDFVolatilitySupport",
            "CanFindScalarFunctionRelation",
            "PythonUDFWithPackagesSupported",
        ),
        "neither adapter has macros for functions; dbt's own CREATE FUNCTION is neither DuckDB's nor Athena's",
    ),
}


def suite_classes() -> Iterator[type]:
    """The classes of the suite that hold tests, but for those that only give another class a second name."""
    (folder,) = map(Path, dbt.tests.adapter.__path__)
    for file in sorted(folder.rglob("*.py")):
        name = ".".join(file.relative_to(folder).with_suffix("").parts)
        if name in LEFT_OUT:
            continue
        module = import_module(f"dbt.tests.adapter.{name}")
        for value in vars(module).values():
            if not isclass(value) or value.__module__ != module.__name__ or value.__name__ in LEFT_OUT_CLASSES:
                continue
            renamed = value.__bases__ != (object,) and not {n for n in vars(value) if not n.startswith("__")}
            if not renamed and any(isfunction(getattr(value, n)) for n in dir(value) if n.startswith("test")):
                yield value


def classes_here() -> Iterator[type]:
    """The classes that pytest finds in this folder."""
    for file in Path(__file__).parent.glob("test_*.py"):
        for name, value in vars(import_module(f"{__package__}.{file.stem}")).items():
            if isclass(value) and name.startswith("Test"):
                yield value


@pytest.mark.skipif(DBT < (1, 11), reason="An older dbt cannot import all of the suite; the newest one checks this.")
def test_every_class_of_the_suite_runs_or_says_why_not() -> None:
    """A class counts when it, or a class derived from it, stands in a module of this folder."""
    covered = {base for value in classes_here() for base in value.__mro__}
    forgotten = sorted(f"{value.__module__}.{value.__name__}" for value in suite_classes() if value not in covered)
    assert forgotten == []
