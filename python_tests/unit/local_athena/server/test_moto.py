"""What the bridge touches of moto's insides. When this fails, read the bridge again before the version is raised."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from moto.core.request import Request
from moto.s3 import exceptions
from moto.s3.models import FakeBucket, FakeKey, S3Backend, s3_backends
from moto.s3.responses import S3Response
from moto.s3.utils import STORAGE_CLASS

from local_athena.moto_bridge.keys import Keys

PINNED = "5.2.5"

# Parameters by position, as the bridge overrides or calls them.
SIGNATURES: list[tuple[Callable[..., Any], list[str]]] = [
    (FakeKey.__init__, ["self", "name", "value", "account_id", "region_name"]),
    (FakeKey.set_metadata, ["self", "metadata", "replace"]),
    (FakeKey.dispose, ["self", "garbage"]),
    (FakeBucket.__init__, ["self", "name", "account_id", "region_name"]),
    (S3Backend.__init__, ["self", "region_name", "account_id"]),
    (S3Backend.get_bucket, ["self", "bucket_name"]),
    (S3Backend.list_buckets, ["self", "prefix", "bucket_region", "max_buckets"]),
    (S3Backend.create_bucket, ["self", "bucket_name", "region_name", "bucket_namespace"]),
    (S3Backend.delete_bucket, ["self", "bucket_name"]),
    (S3Backend.put_object, ["self", "bucket_name", "key_name", "value", "storage", "etag"]),
    (S3Backend.list_objects, ["self", "bucket", "prefix", "delimiter", "marker", "max_keys"]),
    (
        S3Backend.list_objects_v2,
        ["self", "bucket", "prefix", "delimiter", "continuation_token", "start_after", "max_keys"],
    ),
    (S3Response.key_response, ["self", "request", "full_url", "headers"]),
    (S3Response.bucket_response, ["self", "request", "full_url", "headers"]),
    (S3Response.get_current_account, ["self"]),
    (S3Response.subdomain_based_buckets, ["request"]),
    (Request.from_primitives, ["method", "url", "headers", "body"]),
]


def test_the_version_is_the_tested_one(repository: Path) -> None:
    assert version("moto") == PINNED
    dependencies = (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(rf'"moto\[[\w,]+\]=={re.escape(PINNED)}"', dependencies)


@pytest.mark.parametrize(("function", "parameters"), SIGNATURES, ids=lambda value: getattr(value, "__qualname__", ""))
def test_moto_calls_what_the_bridge_overrides(function: Callable[..., Any], parameters: list[str]) -> None:
    assert list(inspect.signature(function).parameters)[: len(parameters)] == parameters


def test_a_key_has_what_the_view_sets() -> None:
    key = FakeKey("k", b"abc", account_id="1", region_name="us-east-1", etag="e", version_id="null", bucket_name="b")
    assert {"_value_buffer", "last_modified", "contentsize", "_metadata"} <= set(vars(key))
    assert (key.size, key.etag, key.version_id, key.last_modified.tzinfo) == (3, '"e"', "null", None)
    assert isinstance(inspect.getattr_static(FakeKey, "value"), property)
    key.dispose()


def test_the_registry_is_what_the_backend_enters() -> None:
    assert isinstance(s3_backends, dict)
    assert isinstance(s3_backends.bucket_accounts, dict)
    assert "STANDARD" in STORAGE_CLASS


def test_a_bucket_calls_only_what_the_view_has() -> None:
    """Every use of `bucket.keys` in moto's S3 is one that the view answers, or stands in a call that is refused."""
    module = inspect.getsource(inspect.getmodule(S3Backend) or S3Backend)
    used = {part.split("(")[0].split()[0] for part in module.split("bucket.keys.")[1:]}
    answered = {"get", "getlist", "iterlists", "pop"}
    refused = {
        "values",  # reset, table buckets
        "item_size",  # CloudWatch, object lock
        "setlist",  # put_object, which is overridden, and versions
        "items",  # list_objects, which is overridden
    }
    assert used == answered | refused
    assert all(hasattr(Keys, name) for name in (*answered, "__contains__", "__getitem__", "__bool__"))


@pytest.mark.parametrize(
    "name",
    ["BucketAlreadyExists", "InvalidBucketName", "InvalidContinuationToken", "InvalidStorageClass", "MissingBucket"],
)
def test_the_errors_exist(name: str) -> None:
    assert issubclass(getattr(exceptions, name), exceptions.S3ClientError)


def test_only_the_bridge_imports_moto(repository: Path) -> None:
    package = repository / "src"
    importing = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if any(line.startswith(("import moto", "from moto")) for line in file.read_text("utf-8").splitlines())
    }
    assert {Path(file).parent.as_posix() for file in importing} == {"local_athena/moto_bridge"}
