"""`derived-tables snapshots`: one file a verb, or two that are alike."""

from __future__ import annotations

import typer

from derived_tables.cli.snapshots.backfilling import backfill
from derived_tables.cli.snapshots.compacting import compact
from derived_tables.cli.snapshots.dropping import drop
from derived_tables.cli.snapshots.listing import list_
from derived_tables.cli.snapshots.maintaining import optimize, vacuum

app = typer.Typer(
    help="Dated copies of tables: list, drop, compact and backfill them; optimize and vacuum Iceberg tables.",
    no_args_is_help=True,
)
app.command("list")(list_)
app.command()(drop)
app.command()(compact)
app.command()(optimize)
app.command()(vacuum)
app.command()(backfill)
