"""`python -m derived_tables.operations` is the command `derived-tables`."""

from derived_tables.operations.cli import main

raise SystemExit(main())
