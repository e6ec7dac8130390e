"""Prints how many Jinja tokens the package's macros and generic tests have, by folder: what they cost at each parse.

dbt lexes every macro of every installed package twice in a full parse, so the cost of a package follows this number,
which depends on no machine. A token is one that the lexer of jinja2 finds, with the extensions of dbt's environment,
except for white space and comments; text outside of tags is one token, whatever its length.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dbt_common.clients.jinja import get_environment

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDERS = ("macros", "tests/generic")
FREE = {"whitespace", "comment_begin", "comment", "comment_end"}


def count_tokens(source: str) -> int:
    """The number of tokens in a file of macros."""
    return sum(kind not in FREE for _, kind, _ in get_environment(None).lex(source))


def tokens_by_file(root: Path = REPOSITORY) -> Iterator[tuple[Path, int]]:
    """Every file of macros and generic tests below `root`, by its relative path, with its number of tokens."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.sql")):
            yield file.relative_to(root), count_tokens(file.read_text(encoding="utf-8"))


def main() -> None:
    """Prints a table; an argument names another package's folder."""
    totals: Counter[str] = Counter()
    for file, tokens in tokens_by_file(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY):
        totals[file.parent.as_posix()] += tokens
    for folder, tokens in sorted(totals.items()):
        print(f"{tokens:>8,}  {folder}")
    print(f"{totals.total():>8,}  in total")


if __name__ == "__main__":
    main()
