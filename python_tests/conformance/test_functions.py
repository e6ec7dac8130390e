"""Functions as nodes of a project: neither adapter creates any, and dbt says so."""

from __future__ import annotations

import pytest

pytest.importorskip(
    "dbt.tests.adapter.functions.test_udfs", reason="Functions are new in dbt 1.11.", exc_type=ImportError
)

from dbt.tests.adapter.functions import test_udfs


class TestErrorForUnsupportedType(test_udfs.ErrorForUnsupportedType):
    """A kind of function that the adapter does not know."""


class TestPythonUDFNotSupported(test_udfs.PythonUDFNotSupported):
    """A function in Python."""


class TestPythonUDFRuntimeVersionRequired(test_udfs.PythonUDFRuntimeVersionRequired):
    """A function in Python without a version of Python."""


class TestPythonUDFEntryPointRequired(test_udfs.PythonUDFEntryPointRequired):
    """A function in Python without an entry point."""
