"""Finds a Java that is new enough, and no newer than needed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from trino_oracle.errors import OracleError

# Where Linux distributions, macOS and SDKMAN put what they install.
INSTALLATION_PATTERNS = (
    ("/usr/lib/jvm", "*/bin/java"),
    ("/Library/Java/JavaVirtualMachines", "*/Contents/Home/bin/java"),
    ("~/.sdkman/candidates/java", "*/bin/java"),
)


def find_java(minimum: int) -> tuple[Path, int]:
    """Path and major version of the oldest Java on this machine that is at least `minimum`.

    The oldest, because each Trino is tested by its authors with one Java and runs best with it.

    Raises:
        OracleError: there is none.
    """
    found = {_major_version(path): path for path in sorted(_candidates(), reverse=True)}
    usable = sorted(major for major in found if major >= minimum)
    if not usable:
        raise OracleError(f"Java {minimum} or newer is needed; install one or set JAVA_HOME to it")
    return found[usable[0]], usable[0]


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").exists():
        yield Path(home) / "bin" / "java"
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve()
    for folder, pattern in INSTALLATION_PATTERNS:
        yield from Path(folder).expanduser().glob(pattern)


def _major_version(java: Path) -> int:
    """Major version of a `java` executable; 0 if it does not tell."""
    result = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "(\d+)', result.stderr + result.stdout)
    return int(match.group(1)) if match else 0
