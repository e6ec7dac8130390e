"""`python -m derived_tables.local_athena` is the command `local-athena`."""

from derived_tables.local_athena.cli import main

raise SystemExit(main())
