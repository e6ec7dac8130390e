"""Athena, with the Glue catalog and the S3 bucket behind it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from pyathena import connect
from pyathena.error import Error

from derived_tables.errors import must_be
from derived_tables.project.target import Target
from derived_tables.relation import Relation
from derived_tables.warehouse.aws import Service, readable
from derived_tables.warehouse.executions import Executions
from derived_tables.warehouse.glue import Glue
from derived_tables.warehouse.interface import Row, Table, WarehouseError
from derived_tables.warehouse.objects import Objects

_OWN_CATALOG = "awsdatacatalog"
# It logs what it raises, with a traceback.
logging.getLogger("pyathena").addHandler(logging.NullHandler())


class Athena:
    """Implements `Warehouse`.

    Attributes:
        glue: the catalog.
        objects: S3.
        executions: what became of statements.

    Args:
        target: of the type athena.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        settings = target.settings
        session = target.session()
        retries = settings.get("num_boto3_retries") or settings.get("num_retries") or 0
        config = Config(retries={"max_attempts": retries, "mode": "standard"})
        self._athena = Service(session.client("athena", config=config), "Athena")
        self.executions = Executions(self._athena, settings.get("work_group"))
        self.glue = Glue(session.client("glue", config=config), lru_cache(self._catalog_id))
        self.objects = Objects(session.client("s3", config=config))
        self._dictated = cache(self._dictated_by_work_group)
        self._connection = connect(
            session=session,
            region_name=settings["region_name"],
            s3_staging_dir=settings.get("s3_staging_dir"),
            work_group=settings.get("work_group"),
            schema_name=settings["schema"],
            poll_interval=settings.get("poll_interval", 1.0),
            kill_on_interrupt=False,  # it would cancel the query and forget that Ctrl-C was pressed
            config=config,
        )

    def find(self, relation: Relation) -> Table | None:
        """As Glue has it."""
        return self.glue.table(relation)

    def query(self, sql: str) -> Sequence[Row]:
        """Rows, with dates and numbers as Python's."""
        return self._run(sql, lambda cursor: cursor.fetchall())

    def execute(self, sql: str) -> None:
        """Runs a statement to its end."""
        self._run(sql, lambda _: [])

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def dictated_folder(self) -> str | None:
        """Where the work group has each CREATE TABLE AS write into a folder of its own; None if that is free."""
        return self._dictated()

    def _dictated_by_work_group(self) -> str | None:
        group = self._target.settings.get("work_group")
        if not group:
            return None
        configuration = self._athena.call("get_work_group", WorkGroup=group)["WorkGroup"]["Configuration"]
        output = configuration.get("ResultConfiguration", {}).get("OutputLocation")
        return f"{output.rstrip('/')}/tables" if output and configuration.get("EnforceWorkGroupConfiguration") else None

    def _run(self, sql: str, answer: Callable[[Any], Sequence[Row]]) -> Sequence[Row]:
        with self._connection.cursor() as cursor:
            try:
                return answer(cursor.execute(sql))
            except KeyboardInterrupt:
                if cursor.query_id:
                    cursor.cancel()
                raise
            except Error as error:
                cause = error.__cause__
                if isinstance(cause, ClientError):
                    raise readable("Athena", cause, cause.operation_name) from error
                raise WarehouseError(f"Athena: {error}\n{sql}") from error

    def _catalog_id(self, name: str) -> str | None:
        if name.lower() in ("", _OWN_CATALOG):
            return None
        found = self._athena.call("get_data_catalog", Name=name)["DataCatalog"]
        if found["Type"] != "GLUE":
            remedy = "Its tables are not in Glue, so the command cannot see them."
            raise must_be(f"the data catalog `{name}`", "of the type GLUE", found["Type"], remedy)
        catalog_id: str = found["Parameters"]["catalog-id"]
        return catalog_id
