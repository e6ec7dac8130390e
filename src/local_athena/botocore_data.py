"""Lets all sessions of a process share the descriptions of AWS's services that botocore reads from files.

dbt-athena makes a session for every node of a run, and each session reads megabytes of JSON again. See
docs/decisions/0009-share-what-botocore-reads.md.
"""

from __future__ import annotations

from functools import cache

from botocore import loaders, session


def share() -> None:
    """From now on, sessions of this process with the same `data_path` have one loader, which reads each file once."""
    if session.create_loader is loaders.create_loader:
        session.create_loader = cache(loaders.create_loader)
