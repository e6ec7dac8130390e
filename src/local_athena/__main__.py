"""`python -m local_athena` is the command `local-athena`."""

from local_athena.cli import main

raise SystemExit(main())
