"""What the manifest says of the package's macros: one a file, in its place, documented with types and an example."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from derived_tables.harness.projects import create_project

#: Prefixes of implementations; they are reached through the macro without the prefix.
ADAPTERS = ("default__", "athena__", "duckdb__")

#: How dbt names what a `materialization` block makes; a project names it in a config.
MATERIALIZATION = "materialization_"

#: How dbt names what a `test` block makes; a project names it below `data_tests`.
TEST = "test_"

#: Wraps a macro of dbt-athena, which itself is the one that dispatches.
WRAPPERS = {"athena__create_table_as"}


@pytest.fixture(scope="session")
def package_macros(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> dict[str, Any]:
    """The package's macros by name, as dbt parsed them."""
    project = create_project(tmp_path_factory.mktemp("package_macros"), package=repository)
    project.dbt("deps").passed()
    macros = project.dbt("parse").passed().result.macros.values()
    return {macro.name: macro for macro in macros if macro.package_name == "derived_tables"}


def public(macros: dict[str, Any]) -> dict[str, Any]:
    """Those that a project may call."""
    implementations = {name for name in macros if name.startswith((*ADAPTERS, MATERIALIZATION, TEST))} - WRAPPERS
    return {name: macro for name, macro in macros.items() if not name.startswith("_") and name not in implementations}


def signature(macro: Any) -> list[str]:
    """Names of a macro's arguments, read from its source."""
    found = re.search(r"{%-?\s*(?:macro|test)\s+\w+\((.*?)\)\s*-?%}", macro.macro_sql, flags=re.DOTALL)
    assert found, macro.name
    return [argument.split("=")[0].strip() for argument in found[1].split(",") if argument.strip()]


def assert_documented(macro: Any) -> None:
    """A macro has an entry in a YAML file with an example, and a type and a description for each argument."""
    assert macro.patch_path, f"{macro.name} has no entry in a YAML file"
    assert "```" in macro.description, f"{macro.name} has no example"
    assert [argument.name for argument in macro.arguments] == signature(macro), macro.name
    for argument in macro.arguments:
        assert argument.type, f"{macro.name}: {argument.name} has no type"
        assert argument.description.strip(), f"{macro.name}: {argument.name} has no description"


def test_lines_are_no_longer_than_those_of_python(repository: Path) -> None:
    files = [path for folder in ("macros", "tests") for path in sorted((repository / folder).rglob("*.sql"))]
    found = {path.name: max(len(line) for line in path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in found.items() if length > 120} == {}


def test_there_are_macros(package_macros: dict[str, Any]) -> None:
    assert {"environment", "model_parts", "athena__create_table_as"} <= set(public(package_macros))


def test_public_macros_lie_at_the_top_of_their_subjects(package_macros: dict[str, Any]) -> None:
    for name, macro in public(package_macros).items():
        folders = Path(macro.original_file_path)
        assert folders.stem == re.sub("^(?:athena|duckdb)__", "", name)
        assert len(folders.parts) == 3, f"{name} must be in macros/<subject>"


def test_helpers_lie_below_their_subjects(package_macros: dict[str, Any]) -> None:
    helpers = {name: macro for name, macro in package_macros.items() if name.startswith("_")}
    assert helpers
    with_public = {Path(macro.original_file_path).parent for macro in public(package_macros).values()}
    for name, macro in helpers.items():
        path = Path(macro.original_file_path)
        assert path.stem == name[1:]
        assert path.parent not in with_public, f"{name} must be in a folder below {path.parent}"


def test_dispatch_is_where_adapters_differ(package_macros: dict[str, Any]) -> None:
    """What is dispatched has an implementation for each adapter, which are not the same, and a default that refuses."""
    dispatched = {
        found
        for macro in package_macros.values()
        for found in re.findall(r"adapter\.dispatch\('(\w+)', 'derived_tables'\)", macro.macro_sql)
    }
    assert "stored_table" in dispatched
    for name in dispatched:
        bodies = [package_macros[f"{adapter}{name}"].macro_sql for adapter in ADAPTERS]
        assert f"_unsupported_adapter('{name}')" in bodies[0], f"default__{name} must refuse"
        texts = {re.sub(r"\w+?__", "", body, count=1) for body in bodies}
        assert len(texts) == len(ADAPTERS), f"{name} does not differ"
    implementations = {name for name in package_macros if name.startswith(ADAPTERS)} - WRAPPERS
    assert implementations == {f"{adapter}{name}" for name in dispatched for adapter in ADAPTERS}


def test_only_environments_look_at_the_target_type(package_macros: dict[str, Any]) -> None:
    found = {macro.original_file_path for macro in package_macros.values() if "target.type" in macro.macro_sql}
    assert {path for path in found if not path.startswith("macros/environments/")} == set()


def test_public_macros_are_documented(package_macros: dict[str, Any]) -> None:
    for macro in public(package_macros).values():
        assert_documented(macro)


def test_generic_tests_are_documented_and_begin_with_what_they_test(package_macros: dict[str, Any]) -> None:
    tests = {name.removeprefix(TEST): macro for name, macro in package_macros.items() if name.startswith(TEST)}
    assert "snapshots__rows_within" in tests
    for name, macro in tests.items():
        namespace = name.split("__")[0]
        assert macro.original_file_path == f"tests/generic/{namespace}/{name}.sql"
        assert_documented(macro)
        assert signature(macro)[0] == "model"
        query = macro.macro_sql[macro.macro_sql.index("\nwith ") :]
        # `where` makes a subquery of the model, so an alias after it would be a syntax error.
        assert re.match(r"\nwith checked as \(\n    select \* from {{ (?:listed or )?model }}\n\)", query), name


def test_materializations_refuse_other_adapters_and_are_documented(package_macros: dict[str, Any]) -> None:
    names = {
        name.removeprefix(MATERIALIZATION).rpartition("_")[0] for name in package_macros if MATERIALIZATION in name
    }
    assert names == {"snapshot_append"}
    for name in names:
        default = package_macros[f"{MATERIALIZATION}{name}_default"]
        assert Path(default.original_file_path).stem == name
        assert f"_unsupported_adapter('{name}')" in default.macro_sql
        assert "```" in default.description


def test_every_macro_begins_by_saying_what_it_is_for(repository: Path) -> None:
    for file in (*(repository / "macros").rglob("*.sql"), *(repository / "tests").rglob("*.sql")):
        assert file.read_text(encoding="utf-8").startswith("{#- "), file.name


def test_rendered_macros_leave_no_white_space(package_macros: dict[str, Any]) -> None:
    """Every tag is trimmed, so that compiled SQL reads as it was written."""
    for name, macro in package_macros.items():
        # In a generic test a tag may end its line, so that the next one begins where it is written.
        untrimmed = re.findall("{%(?!-)" if name.startswith(TEST) else "{%(?!-)|(?<!-)%}", macro.macro_sql)
        assert not untrimmed, f"{name}: {untrimmed}"


def test_reference_is_up_to_date(repository: Path) -> None:
    check = subprocess.run(
        [sys.executable, str(repository / "scripts/generate_docs.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stdout + check.stderr
