"""Answers S3's calls through moto's responses."""

from __future__ import annotations

from threading import RLock
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core.request import Request as MotoRequest
from moto.s3.responses import S3Response

from derived_tables.local_athena.moto_bridge.backend import StoredBackend
from derived_tables.local_athena.server.http import Request, Response
from derived_tables.local_athena.stores.objects import FileObjects

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
_READS = frozenset({"GET", "HEAD"})


def operation_of(request: Request) -> str:
    """The S3 operation of a request; `<method> <query>` for one that is not known."""
    bucket, key = split_path(request)
    query = parse_qs(urlsplit(request.target).query, keep_blank_values=True)
    if not bucket:
        return "ListBuckets" if request.method == "GET" else f"{request.method} /"
    names = {*query, ""}
    if "x-amz-copy-source" in request.headers:
        names |= {"x-amz-copy-source", *(f"x-amz-copy-source+{name}" for name in query)}
    operations = (_OBJECT_OPERATIONS if key else _BUCKET_OPERATIONS).get(request.method, {})
    unknown = f"{request.method} {'&'.join(query)}".strip()
    if names & _REFUSED or (request.method == "PUT" and "versioning" in names):
        return unknown
    return next((operation for name, operation in operations.items() if name in names), unknown)


def split_path(request: Request) -> tuple[str, str]:
    """Bucket and key of a request; empty where it has none."""
    bucket, _, key = unquote(request.path).lstrip("/").partition("/")
    return bucket, key


class S3:
    """S3 for one store of objects."""

    def __init__(self, objects: FileObjects) -> None:
        self._backend = StoredBackend(objects)
        # Moto's responses look first and write then.
        self._writing = RLock()

    def handle(self, request: Request) -> Response:
        """Answers one request whose operation is known."""
        _bucket, key = split_path(request)
        url = f"http://{request.headers.get('host', 'localhost')}{request.target}"
        moto_request = MotoRequest.from_primitives(request.method, url, dict(request.raw_headers), request.body)
        moto_request.environ["RAW_URI"] = request.target
        response = _Response(self._backend)
        answer = response.key_response if key else response.bucket_response
        if request.method in _READS:
            status, headers, body = answer(moto_request, url, {})
        else:
            with self._writing:
                status, headers, body = answer(moto_request, url, {})
        content = body.encode() if isinstance(body, str) else bytes(body)
        return Response(int(status), content, {name: str(value) for name, value in headers.items() if name != "status"})

    def close(self) -> None:
        """Leaves moto."""
        self._backend.close()


class _Response(S3Response):
    """Moto's responses on one server's backend, whatever region or account the request names."""

    def __init__(self, backend: StoredBackend) -> None:
        super().__init__()
        self._stored_backend = backend

    @property
    def backend(self) -> StoredBackend:
        """The server's backend."""
        return self._stored_backend

    def get_current_account(self) -> str:
        """The server's account in moto's registry."""
        account: str = self._stored_backend.account_id
        return account

    @staticmethod
    def subdomain_based_buckets(_request: object) -> bool:
        """Buckets always stand in the path."""
        return False
