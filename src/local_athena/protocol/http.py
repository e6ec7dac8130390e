"""HTTP/1.1 on a thread per connection, with what AWS clients need: connections that stay, `100 Continue`, chunks."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread

#: Ends a connection with a reset instead of a last packet.
_RESET = struct.pack("ii", 1, 0)
_BODILESS = frozenset({204, 304})


class CutConnectionError(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Attributes:
        method: GET, PUT …
        target: path and query as they were sent, percent signs and all.
        headers: by their names in lower case; the last one of a name.
        raw_headers: names and values as they were sent.
        body: all of it.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    raw_headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.split("?", 1)[0]


@dataclass(frozen=True)
class Response:
    """An answer; `content-length` is added unless it is there (HEAD tells the length of what it does not send)."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Response]


class HttpServer:
    """Serves one handler; listens from the moment that it is made, answers from `start` to `stop`."""

    def __init__(self, host: str, port: int, handler: Handler) -> None:
        self._server = _Server(host, port, handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that it listens on."""
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Closes the port, and each connection when what is being answered has been sent."""
        self._close_port()
        self._server.close_connections(socket.SHUT_RD)

    def wait(self, seconds: float) -> bool:
        """Waits until all connections are closed; False if something is still being answered after so many seconds."""
        deadline = time.monotonic() + seconds
        threads = self._server.threads()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._server.close_connections(socket.SHUT_RDWR)
        return not any(thread.is_alive() for thread in threads)

    def vanish(self) -> None:
        """Closes the port and all connections at once: what is being answered goes on, but nobody hears it."""
        self._close_port()
        self._server.close_connections(socket.SHUT_RDWR)

    def _close_port(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, handler: Handler) -> None:
        self.handler = handler
        self.closing = False
        self._connections: dict[socket.socket, Thread] = {}
        self._lock = Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Connection)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        assert isinstance(request, socket.socket)
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._connections.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: clients may go when they like."""

    def threads(self) -> list[Thread]:
        """The threads of the connections that are open."""
        with self._lock:
            return list(self._connections.values())

    def close_connections(self, how: int) -> None:
        """Ends the connections that clients keep open; with SHUT_RD, they can still be answered."""
        self.closing = True
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # it may be gone already
                    connection.shutdown(how)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or self.server.closing:
            self.close_connection = True
            return
        if not self.parse_request():
            self.wfile.flush()
            return
        raw = tuple(self.headers.items())
        headers = {name.lower(): value for name, value in raw}
        request = Request(self.command, self.path, headers, raw, self._body(headers))
        try:
            response = self.server.handler(request)
        except CutConnectionError:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.close()
            return
        self._answer(request, response)
        self.close_connection = self.close_connection or self.server.closing

    def handle_expect_100(self) -> bool:
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def version_string(self) -> str:
        return "LocalAthena"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: the calls are in a log of their own."""

    def _answer(self, request: Request, response: Response) -> None:
        self.send_response(response.status)
        names = {name.lower() for name in response.headers}
        for name, value in response.headers.items():
            self.send_header(name, value)
        if "content-length" not in names and response.status not in _BODILESS:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if request.method != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self._read(int(headers.get("content-length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self._read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():  # trailers
            pass
        return b"".join(chunks)

    def _read(self, size: int) -> bytes:
        """So many bytes. What has come of a request whose client has gone, or that the server cuts, is no request."""
        content = self.rfile.read(size)
        if len(content) < size:
            raise ConnectionAbortedError("a request ends before its end")
        return content
