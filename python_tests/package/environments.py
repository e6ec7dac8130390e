"""Environments that have what a wheel requires and nothing else, made in a second of what is installed in this one."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@dataclass(frozen=True)
class Wheel:
    """The wheel of this repository.

    Attributes:
        file: the file.
        names: paths in it.
        requirements: what it requires, extras and all.
        description: what an index shows.
    """

    file: Path
    names: frozenset[str]
    requirements: tuple[Requirement, ...]
    description: str


def build_wheel(repository: Path, folder: Path) -> Wheel:
    """Builds the wheel of a repository into a folder."""
    subprocess.run([*PIP, "wheel", "--no-deps", "--wheel-dir", folder, repository], check=True)
    [file] = folder.glob("*.whl")
    with ZipFile(file) as content:
        names = content.namelist()
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        parsed = Parser().parsestr(content.read(metadata).decode())
    requirements = tuple(Requirement(text) for text in parsed.get_all("Requires-Dist", []))
    return Wheel(file, frozenset(names), requirements, str(parsed.get_payload()))


def create_environment(folder: Path, wheel: Wheel, *extras: str, others: Iterable[str] = ()) -> Path:
    """Makes an environment of the wheel, what it requires with some of its extras, and other packages.

    Returns:
        The interpreter.
    """
    venv.create(folder, with_pip=False)
    interpreter = folder / "bin/python"
    [packages] = folder.glob("lib/python*/site-packages")
    for found in required(wheel, *extras, others=others).values():
        for file in found.files or ():
            link = packages / file
            # Not the scripts; and what several distributions hold, like `dbt/include/__init__.py`, once.
            if ".." not in file.parts and not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(str(found.locate_file(file)))
    subprocess.run([*PIP, "--python", interpreter, "install", "--no-deps", "--no-index", wheel.file], check=True)
    return interpreter


def required(wheel: Wheel, *extras: str, others: Iterable[str] = ()) -> dict[str, Distribution]:
    """What pip installs with the wheel and some of its extras, by normalized names."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [*_applying(wheel.requirements, extras), *map(Requirement, others)]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name == "derived-tables":
            waiting += _applying(wheel.requirements, requirement.extras)
            continue
        for extra in ("", *requirement.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                found[name] = distribution(name)
                waiting += _applying(map(Requirement, found[name].requires or ()), [extra])
    return found


def _applying(requirements: Iterable[Requirement], extras: Iterable[str]) -> list[Requirement]:
    """Those that hold on this Python, with these extras."""
    wanted = ["", *extras]
    return [
        each
        for each in requirements
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in wanted)
    ]
