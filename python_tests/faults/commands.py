"""The commands on the models of a lake, and work groups that dictate where they write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from snapshot_commands import Commands

from derived_tables.harness.projects import Project

from .support import BUCKET, Lake

#: Where CREATE TABLE AS writes in a work group that dictates it.
DICTATED = "enforced/tables/"


@contextmanager
def commands_of(project: Project, lake: Lake) -> Iterator[Commands]:
    """The commands of a project, with an environment that leads to the lake."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in lake.athena.environment().items():
            patch.setenv(name, value)
        yield Commands(project.path, "athena")


def dictate(lake: Lake, group: str) -> None:
    """Makes a work group that dictates where CREATE TABLE AS writes."""
    environment = lake.athena.environment()
    client: Any = boto3.client(
        "athena",
        endpoint_url=lake.athena.url,
        region_name="eu-west-1",
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    location = {"ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/enforced/"}}
    client.create_work_group(Name=group, Configuration=location)


def unused(lake: Lake, name: str) -> list[str]:
    """Data that no partition of a table points to, in its folder and where a work group has it written."""
    own = tuple(lake.partitions(name).values())
    found = lake.athena.stores.objects.under(BUCKET, DICTATED)
    # Beside data lie results of statements.
    dictated = [f"s3://{BUCKET}/{each.key}" for each in found if "/" in each.key.removeprefix(DICTATED)]
    return [*lake.stray(name), *(file for file in dictated if not file.startswith(own))]
