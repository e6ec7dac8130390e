"""A plugin of dbt: makes dbt-athena as quick on the local Athena as the local Athena is. It does nothing on AWS.

dbt imports every module whose name begins with `dbt_`, and makes the plugins that it names.
"""

from __future__ import annotations

import os

from dbt.plugins.manager import dbtPlugin

from local_athena.environment import is_local


class LocalAthenaPlugin(dbtPlugin):  # type: ignore[misc]  # dbt has no types
    """Lets the connections of a run share what botocore reads from its files, when they lead to this machine."""

    def initialize(self) -> None:
        """Called by dbt before it runs a command."""
        if not is_local(os.environ.get("AWS_ENDPOINT_URL", "")):
            return
        try:
            from local_athena.botocore_data import share  # noqa: PLC0415, dbt imports this module in every project
        except ModuleNotFoundError:  # without botocore there are no connections
            return
        share()


plugins = [LocalAthenaPlugin]
