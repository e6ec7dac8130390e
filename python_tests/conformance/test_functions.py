"""Functions as nodes of a project: neither adapter creates any, and dbt says so."""

from __future__ import annotations

import pytest
from dbt.tests.adapter.functions import test_udfs

from .marks import DBT

needs_functions = pytest.mark.skipif(DBT < (1, 11), reason="Functions are new in dbt 1.11.")


@needs_functions
class TestErrorForUnsupportedType(test_udfs.ErrorForUnsupportedType):
    """A kind of function that the adapter does not know."""


@needs_functions
class TestPythonUDFNotSupported(test_udfs.PythonUDFNotSupported):
    """A function in Python."""


@needs_functions
class TestPythonUDFRuntimeVersionRequired(test_udfs.PythonUDFRuntimeVersionRequired):
    """A function in Python without a version of Python."""


@needs_functions
class TestPythonUDFEntryPointRequired(test_udfs.PythonUDFEntryPointRequired):
    """A function in Python without an entry point."""
