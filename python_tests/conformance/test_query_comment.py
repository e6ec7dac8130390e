"""Comments that dbt puts before each statement."""

from dbt.tests.adapter.query_comment.test_query_comment import BaseEmptyQueryComments as TestEmptyQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import BaseMacroArgsQueryComments as TestMacroArgsQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import (
    BaseMacroInvalidQueryComments as TestMacroInvalidQueryComments,
)
from dbt.tests.adapter.query_comment.test_query_comment import BaseMacroQueryComments as TestMacroQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import BaseNullQueryComments as TestNullQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import BaseQueryComments as TestQueryComments
