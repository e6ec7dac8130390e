"""Runs statements on an engine with stores of its own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from local_athena.engine import LocalEngine
from local_athena.outcome import Outcome, Request
from local_athena.stores.open import Stores

BUCKET = "lake"
_NUMBERS = itertools.count(1)


@dataclass
class Answer:
    """An outcome whose rows have been read."""

    outcome: Outcome
    rows: list[tuple[str | None, ...]]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Names and types of the columns."""
        return [(column.name, str(column.type)) for column in self.outcome.columns]

    @property
    def texts(self) -> list[str | None]:
        """The first cells of the rows, without blanks at their ends."""
        return [row[0].strip() if row[0] is not None else None for row in self.rows]


@dataclass
class Athena:
    """An engine, and a database of a test's own in it."""

    stores: Stores
    engine: LocalEngine
    database: str = field(default_factory=lambda: f"test_{next(_NUMBERS)}")

    def __post_init__(self) -> None:
        self.stores.glue.create_database({"Name": self.database})

    @property
    def location(self) -> str:
        """A folder of the test's own, without a slash at its end."""
        return f"s3://{BUCKET}/{self.database}"

    def request(self, sql: str, *parameters: str) -> Request:
        """What the control plane would ask of the engine."""
        query_id = f"00000000-0000-0000-0000-{next(_NUMBERS):012d}"
        return Request(sql, self.database, "AwsDataCatalog", "primary", parameters, f"s3://{BUCKET}/results/", query_id)

    def run(self, sql: str, *parameters: str) -> Answer:
        """Runs a statement and reads its rows."""
        outcome = self.engine.run(self.request(sql, *parameters))
        return Answer(outcome, [tuple(row) for row in outcome.rows])

    def rows(self, sql: str, *parameters: str) -> list[tuple[str | None, ...]]:
        """The rows of a statement."""
        return self.run(sql, *parameters).rows

    def put(self, name: str, content: bytes | str) -> str:
        """Makes an object in the test's folder and gives its address."""
        data = content.encode() if isinstance(content, str) else content
        return self.stores.objects.write(BUCKET, f"{self.database}/{name}", data).address

    def objects(self, folder: str = "") -> list[str]:
        """The keys below the test's folder, or below one of its folders."""
        prefix = f"{self.database}/{folder}"
        return [found.key.removeprefix(f"{self.database}/") for found in self.stores.objects.under(BUCKET, prefix)]

    def table(self, name: str) -> dict[str, Any]:
        """The Glue entry of a table."""
        entry = self.stores.glue.table(self.database, name)
        assert entry is not None
        return entry

    def partitions(self, name: str) -> list[list[str]]:
        """The values of a table's partitions."""
        return sorted(entry["Values"] for entry in self.stores.glue.partitions(self.database, name))
