"""Which operation of S3 a request is: method, path and query say it."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from local_athena.protocol.http import Request

# What the query or a header of a request makes of it: the first that is there decides; "" is for none of them.
_BUCKET_OPERATIONS = {
    "GET": {
        "list-type": "ListObjectsV2",
        "location": "GetBucketLocation",
        "versions": "ListObjectVersions",
        "uploads": "ListMultipartUploads",
        "versioning": "GetBucketVersioning",
        "encryption": "GetBucketEncryption",
        "tagging": "GetBucketTagging",
        "lifecycle": "GetBucketLifecycleConfiguration",
        "policyStatus": "GetBucketPolicyStatus",
        "policy": "GetBucketPolicy",
        "acl": "GetBucketAcl",
        "cors": "GetBucketCors",
        "publicAccessBlock": "GetPublicAccessBlock",
        "ownershipControls": "GetBucketOwnershipControls",
        "": "ListObjects",
    },
    "PUT": {
        "encryption": "PutBucketEncryption",
        "tagging": "PutBucketTagging",
        "lifecycle": "PutBucketLifecycleConfiguration",
        "policy": "PutBucketPolicy",
        "acl": "PutBucketAcl",
        "cors": "PutBucketCors",
        "publicAccessBlock": "PutPublicAccessBlock",
        "ownershipControls": "PutBucketOwnershipControls",
        "": "CreateBucket",
    },
    "DELETE": {
        "encryption": "DeleteBucketEncryption",
        "tagging": "DeleteBucketTagging",
        "lifecycle": "DeleteBucketLifecycle",
        "policy": "DeleteBucketPolicy",
        "cors": "DeleteBucketCors",
        "publicAccessBlock": "DeletePublicAccessBlock",
        "ownershipControls": "DeleteBucketOwnershipControls",
        "": "DeleteBucket",
    },
    "HEAD": {"": "HeadBucket"},
    "POST": {"delete": "DeleteObjects"},
}
_OBJECT_OPERATIONS = {
    "GET": {
        "uploadId": "ListParts",
        "tagging": "GetObjectTagging",
        "acl": "GetObjectAcl",
        "attributes": "GetObjectAttributes",
        "": "GetObject",
    },
    "PUT": {
        "x-amz-copy-source+uploadId": "UploadPartCopy",
        "uploadId": "UploadPart",
        "tagging": "PutObjectTagging",
        "acl": "PutObjectAcl",
        "x-amz-copy-source": "CopyObject",
        "": "PutObject",
    },
    "DELETE": {"uploadId": "AbortMultipartUpload", "tagging": "DeleteObjectTagging", "": "DeleteObject"},
    "HEAD": {"": "HeadObject"},
    "POST": {"uploads": "CreateMultipartUpload", "uploadId": "CompleteMultipartUpload"},
}
# What moto emulates and the local Athena does not keep: named so that it is refused instead of half done.
_REFUSED = frozenset(
    {
        "accelerate",
        "analytics",
        "intelligent-tiering",
        "inventory",
        "legal-hold",
        "logging",
        "metrics",
        "notification",
        "object-lock",
        "replication",
        "requestPayment",
        "restore",
        "retention",
        "select",
        "torrent",
        "website",
    }
)


def operation_of(request: Request) -> str | None:
    """The S3 operation of a request; None for one that is not emulated."""
    bucket, key = split_path(request)
    query = parse_qs(urlsplit(request.target).query, keep_blank_values=True)
    if not bucket:
        return "ListBuckets" if request.method == "GET" else None
    names = {*query, ""}
    if "x-amz-copy-source" in request.headers:
        names |= {"x-amz-copy-source", *(f"x-amz-copy-source+{name}" for name in query)}
    operations = (_OBJECT_OPERATIONS if key else _BUCKET_OPERATIONS).get(request.method, {})
    if names & _REFUSED or (request.method == "PUT" and "versioning" in names):
        return None
    return next((operation for name, operation in operations.items() if name in names), None)


def split_path(request: Request) -> tuple[str, str]:
    """Bucket and key of a request; empty where it has none."""
    bucket, _, key = unquote(request.path).lstrip("/").partition("/")
    return bucket, key
