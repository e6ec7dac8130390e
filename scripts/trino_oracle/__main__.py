"""Entry point of `python scripts/trino_oracle`."""

from __future__ import annotations

import sys
from pathlib import Path

# Python puts only this folder on the path when it runs a folder; the package and the corpus are beside it.
REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "scripts"), str(REPOSITORY / "python_tests")]

from trino_oracle.cli import main  # noqa: E402  (needs the path above)

if __name__ == "__main__":
    sys.exit(main())
