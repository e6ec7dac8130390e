"""Faults on purpose: a call fails, comes late, loses its connection, or the server dies, exactly where a rule says.

A rule is data, and can be written as text:

    [before:|after:]ACTION[(ARGUMENTS)]:SERVICE.OPERATION[@TABLE][#WHICH]

    after:cut:glue.CreateTable#2               the second CreateTable happens, but its answer never arrives
    throttle:athena.StartQueryExecution#1-3    the first three are turned away with ThrottlingException
    fail(AccessDeniedException,400):s3.Put*    every call of an operation whose name begins with Put is refused
    delay(250ms):glue.*@sales.*                calls that name a table of the database sales wait before
    crash:athena.StartQueryExecution@*.orders  the server dies when the first statement names a table orders
    after:fail:engine.Run@*.orders#1           a statement does all that it does and then ends as FAILED

`before` (the default) is before the call has an effect, `after` is after it. SERVICE.OPERATION and TABLE are patterns
with `*` and `?` in which case does not matter. Services are athena, glue, s3, sts and lakeformation; `engine.Run` is
what happens to a statement after it has started: there, `fail(NAME)` takes an error name of Trino.

WHICH is `2`, `2-4` or `2-`, counted over the calls that the patterns match, from when the rule was added; without it,
all of them. Each try of a client counts: boto3 tries again after throttling, status 500, 502, 503 and 504, and lost
connections, up to four times with its defaults, and dbt-athena sets the number with `num_boto3_retries`.

ARGUMENTS: `delay(1.5s)`, `fail(CODE)`, `fail(CODE,STATUS)`, `kill(PID)`.
"""

from local_athena.faults.active import Active, Faults
from local_athena.faults.rules import AFTER, BEFORE, FaultSyntaxError, Point, Rule

__all__ = ["AFTER", "BEFORE", "Active", "FaultSyntaxError", "Faults", "Point", "Rule"]
