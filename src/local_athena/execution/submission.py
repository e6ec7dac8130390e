"""What Athena refuses before it runs a statement.

Source: https://docs.aws.amazon.com/athena/latest/ug/workgroups-troubleshooting.html
"""

from __future__ import annotations

from local_athena.errors import AthenaError
from local_athena.outcome import Request
from local_athena.statements.model import CreateTableAs, Statement
from local_athena.statements.parse import parse

_CENTRALIZED = (
    "The Create Table As Select query failed because it was submitted with an 'external_location' property to an "
    "Athena Workgroup that enforces a centralized output location for all queries. Please remove the "
    "'external_location' property and resubmit the query."
)


def refusal(request: Request) -> str | None:
    """What StartQueryExecution answers instead of starting the statement; None if it starts it.

    A statement that cannot be read is started, and fails then.
    """
    if not request.location_enforced:
        return None
    try:
        return refusal_of(parse(request.sql, request.database), request)
    except AthenaError:
        return None


def refusal_of(statement: Statement, request: Request) -> str | None:
    """The same for a statement that has been read: EXECUTE may run one that nobody has seen before.

    Iceberg tables have a `location`, which they need here, too.
    """
    named = isinstance(statement, CreateTableAs) and "external_location" in statement.properties
    return _CENTRALIZED if named and request.location_enforced else None
