"""What starting `derived-tables` costs: CPU seconds of `--help` beside an empty Python, interleaved, medians.

Each measurement is a process of its own; user and system time are counted. Run it in an environment that has been used
before: the first start of an installation compiles what it imports. `--imports` also lists the slowest imports.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "derived-tables --help": [str(Path(sys.executable).with_name("derived-tables")), "--help"],
}
LIMIT = 0.3


def cpu_of(command: list[str]) -> float:
    """User and system seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(rounds: int) -> dict[str, float]:
    """Medians by command."""
    for command in COMMANDS.values():
        cpu_of(command)
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds):
        for name in list(COMMANDS)[:: 1 if number % 2 else -1]:
            seconds[name].append(cpu_of(COMMANDS[name]))
    return {name: median(found) for name, found in seconds.items()}


def slowest_imports(count: int) -> list[tuple[float, str]]:
    """Milliseconds that modules take themselves when `--help` runs, without what they import."""
    command = [sys.executable, "-X", "importtime", *COMMANDS["derived-tables --help"]]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    lines = (line.removeprefix("import time:").split("|") for line in shown.splitlines() if "|" in line)
    modules = [(int(own) / 1000, name.strip()) for own, _, name in lines if own.strip().isdigit()]
    return sorted(modules, reverse=True)[:count]


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21, help="measurements of each")
    parser.add_argument("--imports", type=int, default=0, metavar="N", help="also list the N slowest imports")
    options = parser.parse_args()

    print("| command | CPU s | limit |")
    print("| --- | ---: | ---: |")
    for name, seconds in measure(options.rounds).items():
        print(f"| `{name}` | {seconds:.3f} | {LIMIT if name.startswith('derived') else ''} |")
    for milliseconds, name in slowest_imports(options.imports):
        print(f"{milliseconds:8.1f} ms  {name}")


if __name__ == "__main__":
    main()
