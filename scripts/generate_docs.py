"""Writes docs/reference from YAML and the help of the command; with --check, says whether it is up to date."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from command_page import command_page
from jinja2 import Template

REPOSITORY = Path(__file__).resolve().parent.parent
HEADER = "<!-- Written by `make docs` from {source}. -->\n"


def macro_page(folder: Path) -> str:
    """The page of one folder of macros, in Markdown."""
    source = f"macros/{folder.name}/{folder.name}.yml"
    parts = [HEADER.format(source=source), f"# {folder.name.capitalize()}\n"]
    for macro in _documented(folder / f"{folder.name}.yml"):
        arguments = macro.get("arguments", [])
        materialization = re.fullmatch("materialization_(.*)_default", macro["name"])
        title = f"Materialization `{materialization[1]}`" if materialization else _signature(macro["name"], arguments)
        parts += _section(title, macro["description"], arguments)
    return "\n".join(parts)


def test_page(files: Iterable[Path]) -> str:
    """The page of all generic tests, in Markdown."""
    parts = [HEADER.format(source="tests/generic"), "# Generic tests\n"]
    for macro in (macro for file in files for macro in _documented(file)):
        # dbt sets the first argument, the model.
        arguments = macro["arguments"][1:]
        parts += _section(_signature(macro["name"].removeprefix("test_"), arguments), macro["description"], arguments)
    return "\n".join(parts)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page of the reference: where it lies and what it says."""
    for file in sorted((REPOSITORY / "macros").glob("*/*.yml")):
        yield REPOSITORY / "docs/reference" / f"{file.parent.name}.md", macro_page(file.parent)
    tests = sorted((REPOSITORY / "tests/generic").glob("*/*.yml"))
    yield REPOSITORY / "docs/reference/tests.md", test_page(tests)
    yield REPOSITORY / "docs/reference/command.md", command_page()


def _documented(file: Path) -> list[dict[str, Any]]:
    macros: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["macros"]
    return macros


def _signature(name: str, arguments: list[dict[str, Any]]) -> str:
    return f"`{name}({', '.join(argument['name'] for argument in arguments)})`"


def _section(title: str, description: str, arguments: list[dict[str, Any]]) -> list[str]:
    parts = [f"## {title}\n", _rendered(description) + "\n"]
    if arguments:
        parts += ["| argument | type | |\n| --- | --- | --- |"]
        parts += [f"| `{a['name']}` | {a['type']} | {_one_line(a['description'])} |" for a in arguments]
        parts += [""]
    return parts


def _rendered(description: str) -> str:
    """A description as dbt shows it: dbt renders it, so examples with Jinja stand between raw tags."""
    return re.sub(r"\n{3,}", "\n\n", Template(description).render()).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Runs the command line; returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is stale")
    check = parser.parse_args().check
    stale = [(path, text) for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        print(f"{'stale' if check else 'wrote'} {path.relative_to(REPOSITORY)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
