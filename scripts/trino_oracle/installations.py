"""The two Trinos of the oracle: what is fetched, and how each one is started.

Athena engine version 3 answers most like Trino 435 (of those that run on a current Java). Of that version
Maven's repository has the engine but no server with its connectors, so there are two:

* `engine`: Trino 435, its engine with the memory connector. Judges expressions and queries.
* `server`: Trino 470, the server with its Hive and Iceberg connectors. Judges statements, and whatever
  needs a plugin; it is also asked every expression, to tell which answers depend on the version.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trino_oracle import configuration
from trino_oracle.errors import OracleError
from trino_oracle.java import find_java
from trino_oracle.maven import copy_artifact, copy_dependencies

ENGINE_VERSION = "435"
ENGINE_JAVA = 17
SERVER_VERSION = "470"
SERVER_JAVA = 23
ENGINE_SOURCES = Path(__file__).resolve().parent / "engine"
HEAP = "-Xmx3G"
# Fixed so that the answers do not depend on the machine.
LOCALE_OPTIONS = ("-Duser.timezone=UTC", "-Duser.language=en", "-Duser.country=US", "-Dfile.encoding=UTF-8")


@dataclass(frozen=True)
class Launch:
    """How to start one Trino: the command line, and what the record says of it."""

    command: list[str]
    version: str
    java: int


def cache_folder() -> Path:
    """Where fetched and unpacked Trinos are kept: `TRINO_ORACLE_CACHE`, else the user's cache folder."""
    chosen = os.environ.get("TRINO_ORACLE_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "trino-oracle"


def prepare_engine(port: int, data: Path) -> Launch:
    """Fetch and compile what is missing of the engine, and say how to start it on `port`.

    Args:
        port: a free port of the loopback interface.
        data: an empty folder for its temporary files.
    """
    java, major = find_java(ENGINE_JAVA)
    folder = cache_folder() / f"engine-{ENGINE_VERSION}"
    if not folder.exists():
        _build_in(folder, lambda target: _install_engine(target, java))
    classpath = f"{folder}/lib/*{os.pathsep}{folder}/classes"
    options = [HEAP, *LOCALE_OPTIONS, f"-Djava.io.tmpdir={data}"]
    command = [str(java), *options, "-cp", classpath, "OracleServer", str(port)]
    return Launch(command, ENGINE_VERSION, major)


def prepare_server(port: int, data: Path) -> Launch:
    """Fetch and unpack what is missing of the server, configure it, and say how to start it on `port`.

    Args:
        port: a free port of the loopback interface.
        data: an empty folder for the configuration, the logs and the tables.
    """
    java, major = find_java(SERVER_JAVA)
    folder = cache_folder() / f"server-{SERVER_VERSION}"
    if not folder.exists():
        _build_in(folder, _install_server)
    properties = configuration.write_configuration(data, port=port, plugins=folder / "plugin")
    command = [
        str(java),
        HEAP,
        *LOCALE_OPTIONS,
        "-Djdk.attach.allowAttachSelf=true",
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        f"-Djava.io.tmpdir={data}",
        f"-Dnode.data-dir={data}",
        f"-Dconfig={properties}",
        "-cp",
        f"{folder}/lib/*",
        "io.trino.server.TrinoServer",
    ]
    if major >= 24:  # older Javas allow it and do not know the option
        command.insert(1, "--sun-misc-unsafe-memory-access=allow")
    return Launch(command, SERVER_VERSION, major)


def _build_in(folder: Path, build: Callable[[Path], None]) -> None:
    """Build a folder under another name and rename it, so that a half-built one is never used."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        target = Path(temporary) / folder.name
        target.mkdir()
        build(target)
        target.rename(folder)


def _install_engine(folder: Path, java: Path) -> None:
    copy_dependencies(ENGINE_SOURCES / "pom.xml", {"trino.version": ENGINE_VERSION}, folder / "lib")
    compiler = java.parent / "javac"
    if not compiler.exists():
        raise OracleError(f"{compiler} is missing: a JDK is needed, not only a Java runtime")
    source = ENGINE_SOURCES / "OracleServer.java"
    command = [str(compiler), "-cp", f"{folder}/lib/*", "-d", str(folder / "classes"), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise OracleError(f"javac failed: {result.stderr[:500]}")


def _install_server(folder: Path) -> None:
    tarball = copy_artifact(f"io.trino:trino-server:{SERVER_VERSION}:tar.gz", folder)
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / f"trino-server-{SERVER_VERSION}"
    (unpacked / "lib").rename(folder / "lib")
    (folder / "plugin").mkdir()
    for plugin in configuration.PLUGINS:
        (unpacked / "plugin" / plugin).rename(folder / "plugin" / plugin)
    shutil.rmtree(unpacked)
    tarball.unlink()
