"""Relations that change their type, and schemas that go."""

from dbt.tests.adapter.relations.test_changing_relation_type import (
    BaseChangeRelationTypeValidator as TestChangeRelationType,
)
from dbt.tests.adapter.relations.test_dropping_schema_named import BaseDropSchemaNamed as TestDropSchemaNamed
