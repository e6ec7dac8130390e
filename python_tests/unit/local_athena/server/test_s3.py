"""S3 over HTTP: what clients of Athena do with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from boto3.s3.transfer import TransferConfig
from pyarrow import fs

from local_athena import LocalAthena
from local_athena.stores import objects

from .support import Clients, error_of

PART = 5 * 1024 * 1024


def test_an_object_is_written_and_read(aws: Clients, bucket: str, athena: LocalAthena) -> None:
    put = aws.s3.put_object(
        Bucket=bucket, Key="a/ü b+c%2F=1.csv", Body=b"content", Metadata={"Owner": "me"}, ContentType="text/csv"
    )
    got = aws.s3.get_object(Bucket=bucket, Key="a/ü b+c%2F=1.csv")
    assert (got["Body"].read(), got["Metadata"], got["ContentType"]) == (b"content", {"owner": "me"}, "text/csv")
    assert got["ETag"] == put["ETag"] == '"9a0364b9e99bb480dd25e1f0284c8555"'  # md5sum of "content"
    head = aws.s3.head_object(Bucket=bucket, Key="a/ü b+c%2F=1.csv")
    assert (head["ContentLength"], head["Metadata"]) == (7, {"owner": "me"})
    stored = athena.stores.objects.find(bucket, "a/ü b+c%2F=1.csv")
    assert stored is not None
    assert athena.stores.objects.local_path(stored).read_bytes() == b"content"


def test_what_the_engine_writes_clients_see(aws: Clients, athena: LocalAthena, bucket: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"from a file")
    athena.stores.objects.write(bucket, "x", file)
    assert file.exists(), "a file is copied"
    assert aws.s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"from a file"


@pytest.mark.parametrize(
    ("asked", "expected", "shown"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_is_read(aws: Clients, bucket: str, asked: str, expected: bytes, shown: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    got = aws.s3.get_object(Bucket=bucket, Key="k", Range=asked)
    assert (got["Body"].read(), got["ContentRange"]) == (expected, shown)


def test_a_range_behind_the_end_is_refused(aws: Clients, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"0123")
    assert error_of(aws.s3.get_object, Bucket=bucket, Key="k", Range="bytes=4-")[::2] == ("InvalidRange", 416)


@pytest.mark.parametrize(
    ("call", "arguments", "code", "status"),
    [
        ("get_object", {"Key": "missing"}, "NoSuchKey", 404),
        ("head_object", {"Key": "missing"}, "404", 404),
        ("get_object", {"Bucket": "no-such-bucket", "Key": "k"}, "NoSuchBucket", 404),
        ("put_object", {"Bucket": "no-such-bucket", "Key": "k"}, "NoSuchBucket", 404),
        ("list_objects_v2", {"Bucket": "no-such-bucket"}, "NoSuchBucket", 404),
        ("head_bucket", {"Bucket": "no-such-bucket"}, "404", 404),
        ("create_bucket", {"Bucket": "ab"}, "InvalidBucketName", 400),
        ("create_bucket", {"Bucket": "Upper"}, "InvalidBucketName", 400),
        ("list_objects_v2", {"ContinuationToken": "not a token"}, "InvalidArgument", 400),
    ],
)
def test_errors(aws: Clients, bucket: str, call: str, arguments: dict[str, str], code: str, status: int) -> None:
    assert error_of(getattr(aws.s3, call), **{"Bucket": bucket, **arguments})[::2] == (code, status)


def test_objects_are_listed_in_pages(aws: Clients, bucket: str) -> None:
    keys = [f"t/{number}" for number in range(5)] + ["t/2/a", "t/2/b", "u", "t"]
    for key in keys:
        aws.s3.put_object(Bucket=bucket, Key=key)
    for call, size in (("list_objects_v2", 2), ("list_objects", 3)):
        pages = aws.s3.get_paginator(call).paginate(Bucket=bucket, Prefix="t/", PaginationConfig={"PageSize": size})
        found = [[entry["Key"] for entry in page["Contents"]] for page in pages]
        assert [key for page in found for key in page] == sorted(key for key in keys if key.startswith("t/"))
        assert [len(page) for page in found[:-1]] == [size] * (len(found) - 1)
    assert aws.s3.list_objects_v2(Bucket=bucket, Prefix="none")["KeyCount"] == 0
    after = aws.s3.list_objects_v2(Bucket=bucket, StartAfter="t/3")["Contents"]
    assert [entry["Key"] for entry in after] == ["t/4", "u"]


def test_folders_are_listed_once(aws: Clients, bucket: str) -> None:
    for key in ("a/1", "a/2", "b", "c/1", "c/2/x", "d/1"):
        aws.s3.put_object(Bucket=bucket, Key=key)
    for size in (1, 2, 1000):
        pages = aws.s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size}
        )
        names = [
            [entry["Key"] for entry in page.get("Contents", [])]
            + [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]
            for page in pages
        ]
        assert sorted(name for page in names for name in page) == ["a/", "b", "c/", "d/"]
    inner = aws.s3.list_objects_v2(Bucket=bucket, Prefix="c/", Delimiter="/")
    assert [entry["Key"] for entry in inner["Contents"]] == ["c/1"]
    assert [entry["Prefix"] for entry in inner["CommonPrefixes"]] == ["c/2/"]


def test_objects_are_deleted(aws: Clients, bucket: str) -> None:
    for key in ("a", "b", "c"):
        aws.s3.put_object(Bucket=bucket, Key=key)
    aws.s3.delete_object(Bucket=bucket, Key="a")
    aws.s3.delete_object(Bucket=bucket, Key="a")  # no error
    deleted = aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}, {"Key": "missing"}]})["Deleted"]
    assert [entry["Key"] for entry in deleted] == ["b", "missing"]
    assert error_of(aws.s3.delete_bucket, Bucket=bucket)[0] == "BucketNotEmpty"
    aws.s3.delete_object(Bucket=bucket, Key="c")
    aws.s3.delete_bucket(Bucket=bucket)
    assert error_of(aws.s3.list_objects_v2, Bucket=bucket)[0] == "NoSuchBucket"
    aws.s3.create_bucket(Bucket=bucket)
    assert bucket in [entry["Name"] for entry in aws.s3.list_buckets()["Buckets"]]


def test_an_object_is_copied(aws: Clients, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="from", Body=b"x", Metadata={"a": "b"})
    aws.s3.copy_object(Bucket=bucket, Key="to", CopySource={"Bucket": bucket, "Key": "from"})
    got = aws.s3.get_object(Bucket=bucket, Key="to")
    assert (got["Body"].read(), got["Metadata"]) == (b"x", {"a": "b"})
    copy = {"Bucket": bucket, "Key": "missing"}
    assert error_of(aws.s3.copy_object, Bucket=bucket, Key="to", CopySource=copy)[0] == "NoSuchKey"


def test_a_large_file_goes_up_in_parts(aws: Clients, bucket: str, tmp_path: Path) -> None:
    content = bytes(range(256)) * (2 * PART // 256) + b"end"
    file = tmp_path / "large"
    file.write_bytes(content)
    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
    aws.s3.upload_file(str(file), bucket, "large", Config=config, ExtraArgs={"Metadata": {"a": "b"}})
    head = aws.s3.head_object(Bucket=bucket, Key="large")
    assert (head["ContentLength"], head["Metadata"]) == (len(content), {"a": "b"})
    assert head["ETag"].endswith('-3"')
    aws.s3.download_file(bucket, "large", str(tmp_path / "again"), Config=config)
    assert (tmp_path / "again").read_bytes() == content


def test_arrow_reads_and_writes(athena: LocalAthena, bucket: str) -> None:
    """Another family of clients: AWS's SDK for C++, which sends chunks and asks for ranges."""
    files = fs.S3FileSystem(access_key="a", secret_key="b", region="eu-west-1", endpoint_override=athena.url)  # noqa: S106
    content = b"0123456789" * 1_200_000
    with files.open_output_stream(f"{bucket}/t/part=1/large") as stream:
        stream.write(content)
    files.move(f"{bucket}/t/part=1/large", f"{bucket}/t/part=2/moved")
    found = files.get_file_info(fs.FileSelector(f"{bucket}/t", recursive=True))
    assert [(info.path, info.size) for info in found if info.is_file] == [(f"{bucket}/t/part=2/moved", len(content))]
    with files.open_input_file(f"{bucket}/t/part=2/moved") as file:
        assert file.read_at(5, 10) == b"01234"
    files.delete_dir(f"{bucket}/t")
    assert files.get_file_info(f"{bucket}/t").type == fs.FileType.NotFound


def test_an_upload_is_given_up(aws: Clients, bucket: str) -> None:
    upload = aws.s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    aws.s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"part")
    assert [part["Size"] for part in aws.s3.list_parts(Bucket=bucket, Key="k", UploadId=upload)["Parts"]] == [4]
    aws.s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    assert "Uploads" not in aws.s3.list_multipart_uploads(Bucket=bucket)
    assert aws.s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_condition_protects_an_object(aws: Clients, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")
    code, _, status = error_of(aws.s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert (code, status) == ("PreconditionFailed", 412)
    assert aws.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_tags_and_settings(aws: Clients, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="k", Tagging="a=b")
    assert aws.s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert aws.s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    assert "Status" not in aws.s3.get_bucket_versioning(Bucket=bucket)
    aws.s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert aws.s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "a", "Value": "b"}]


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
        ("put_object_legal_hold", {"Key": "k", "LegalHold": {"Status": "ON"}}),
        ("select_object_content", {"Key": "k", "Expression": "select 1", "ExpressionType": "SQL"}),
        ("put_bucket_website", {"WebsiteConfiguration": {}}),
    ],
)
def test_what_is_not_kept_is_refused(aws: Clients, bucket: str, call: str, arguments: dict[str, object]) -> None:
    assert error_of(getattr(aws.s3, call), Bucket=bucket, **arguments)[::2] == ("NotImplemented", 501)


def test_a_reader_keeps_what_it_began_to_read(athena: LocalAthena, bucket: str) -> None:
    store = athena.stores.objects
    old = store.local_path(store.write(bucket, "k.csv.gz", b"old"))
    assert old.name.endswith(".csv.gz"), "readers tell the compression by the name"
    new = store.write(bucket, "k.csv.gz", b"new")
    store.delete(bucket, ["k.csv.gz"])
    assert (old.read_bytes(), store.local_path(new).read_bytes()) == (b"old", b"new")


def test_files_of_lost_objects_go_in_the_end(athena: LocalAthena, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = athena.stores.objects
    old = store.local_path(store.write(bucket, "k", b"old"))
    monkeypatch.setattr(objects, "GRACE_SECONDS", -1.0)
    store.write(bucket, "k", b"new")
    assert not old.exists()
