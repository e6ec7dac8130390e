"""Answers S3's calls through moto's responses."""

from __future__ import annotations

from threading import RLock

from moto.core.request import Request as MotoRequest
from moto.s3.responses import S3Response

from local_athena.moto_bridge.backend import StoredBackend
from local_athena.protocol.http import Request, Response
from local_athena.protocol.s3_operations import split_path
from local_athena.stores.objects import FileObjects

_READS = frozenset({"GET", "HEAD"})


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
