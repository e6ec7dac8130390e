"""Fetches Trino from Maven's default repository with the `mvn` of this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from trino_oracle.errors import OracleError


def copy_artifact(coordinates: str, folder: Path) -> Path:
    """Download one artefact and copy it into `folder`.

    Args:
        coordinates: `group:artifact:version:packaging`.
        folder: where the copy goes; Maven keeps its own in its cache.
    """
    _maven("dependency:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={folder}")
    _, artifact, version, packaging = coordinates.split(":")
    return folder / f"{artifact}-{version}.{packaging}"


def copy_dependencies(pom: Path, properties: dict[str, str], folder: Path) -> None:
    """Download everything that a POM depends on and copy the jars into `folder`."""
    settings = [f"-D{name}={value}" for name, value in properties.items()]
    _maven("-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={folder}", *settings)


def _maven(*arguments: str) -> None:
    executable = shutil.which("mvn")
    if executable is None:
        raise OracleError("`mvn` is needed to fetch Trino: install Maven, or use --server or --docker")
    command = [executable, "--batch-mode", "--quiet", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        lines = [line for line in (result.stdout + result.stderr).splitlines() if "ERROR" in line]
        raise OracleError("Maven failed: " + " ".join(lines[:2]))
