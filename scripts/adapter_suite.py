"""Runs dbt-athena's own functional tests, of the release that is installed, on the local Athena.

They are in the source distribution on the package index, not in the wheel; nothing of them is kept. Left out is what
needs a service that the local Athena does not have (docs/local-athena.md), or a later dbt than the one installed.

Usage:
    python scripts/adapter_suite.py [what else pytest is to be told, e.g. -k iceberg]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.version import Version

from local_athena import LocalAthena
from local_athena.environment import MISLEADING

BUCKET = "adapter-suite"
PYTEST = ("-o", "addopts=", "-q", "--disable-warnings")
#: Files of tests that need a service which is not there, and the service.
LEFT_OUT = {
    "test_python_submissions.py": "Athena for Apache Spark",
    "test_spark_connect_python_submissions.py": "Athena for Apache Spark",
    "catalog_integrations/test_s3_tables.py": "S3 Tables",
    "test_s3_table_bucket.py": "S3 Tables",
}
#: Tests that need a later dbt, and the first that will do.
LATER = {"tests/functional/adapter/test_empty.py::TestAthenaEmptySeedFlag": Version("1.12")}  # dbt seed --empty


def main() -> int:
    """The exit code of pytest."""
    with TemporaryDirectory() as folder:
        suite = _fetch(Path(folder))
        with LocalAthena() as athena:
            athena.create_bucket(BUCKET)
            environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
            ignored = [f"--ignore={suite / 'tests/functional/adapter' / name}" for name in LEFT_OUT]
            later = [f"--deselect={name}" for name, first in LATER.items() if Version(version("dbt-core")) < first]
            return subprocess.run(
                [sys.executable, "-m", "pytest", "tests/functional", *PYTEST, *ignored, *later, *sys.argv[1:]],
                cwd=suite,
                env=environment | athena.environment() | _target(),
                check=False,
            ).returncode


def _fetch(folder: Path) -> Path:
    """The folder of the unpacked source distribution."""
    release = f"dbt-athena=={version('dbt-athena')}"
    download = ["download", "--quiet", "--no-deps", "--no-binary", "dbt-athena", "--dest", str(folder), release]
    subprocess.run([sys.executable, "-m", "pip", *download], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as unpacked:
        unpacked.extractall(folder, filter="data")
    (suite,) = (path for path in folder.iterdir() if path.is_dir())
    return suite


def _target() -> dict[str, str]:
    """What the tests want to know of their target."""
    values = {
        "S3_STAGING_DIR": f"s3://{BUCKET}/results/",
        "S3_TMP_TABLE_DIR": f"s3://{BUCKET}/tables/",
        "REGION_NAME": "eu-west-1",
        "DATABASE": "awsdatacatalog",
        "SCHEMA": "adapter_suite",
        "WORK_GROUP": "primary",
        "THREADS": "1",
        "POLL_INTERVAL": "0.02",
        "NUM_RETRIES": "2",
    }
    return {f"DBT_TEST_ATHENA_{name}": value for name, value in values.items()}


if __name__ == "__main__":
    raise SystemExit(main())
