"""The Markdown of the repository: links lead somewhere, and commands have the options that pages give them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from derived_tables.cli.main import app


@pytest.fixture(scope="module")
def pages(repository: Path) -> dict[Path, str]:
    """All pages that git knows, by their paths."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=repository, capture_output=True, text=True, check=True)
    files = [repository / name for name in listed.stdout.splitlines()]
    return {file: file.read_text(encoding="utf-8") for file in files}


def without_code(page: str) -> str:
    """A page without its blocks of code, in which `#` begins a comment."""
    return re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", without_code(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_within_the_repository_leads_somewhere(pages: dict[Path, str]) -> None:
    broken = []
    for file, page in pages.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page)):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            found = (file.parent / path).resolve() if path else file
            if not found.exists() or (anchor and anchor not in anchors(pages[found])):
                broken.append((file.name, target))
    assert broken == []


def below(command: Any, name: str) -> Any:
    """A command below a group of commands; None if there is none."""
    return getattr(command, "commands", {}).get(name)


def test_every_command_has_the_options_that_a_page_gives_it(pages: dict[Path, str]) -> None:
    root = get_command(app)
    seen = set()
    wrong = []
    for file, page in pages.items():
        for group, verb, rest in re.findall(r"\bderived-tables ([a-z]+) ([a-z]+)((?: [^`|\n]*)?)", page):
            command = below(below(root, group), verb)
            if command is None:
                if file.name != "renamed.md":
                    wrong.append((file.name, group, verb))
                continue
            seen.add((group, verb))
            known = {option for parameter in command.params for option in parameter.opts}
            wrong += [(file.name, verb, option) for option in re.findall(r" (--[a-z-]+)", rest) if option not in known]
    assert wrong == []
    groups = getattr(root, "commands", {})
    assert seen == {(group, verb) for group in groups for verb in getattr(below(root, group), "commands", ())}
