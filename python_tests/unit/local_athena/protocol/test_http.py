"""HTTP itself: connections, bodies, what is sent wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Event

import pytest

from local_athena.protocol.http import CutConnectionError, HttpServer, Request, Response


def _handle(request: Request) -> Response:
    if request.path == "/cut":
        raise CutConnectionError
    if request.path == "/empty":
        return Response(204)
    text = f"{request.method} {request.target} {request.headers.get('x-name')} {len(request.body)}"
    return Response(200, text.encode(), {"X-Answer": "yes"})


@pytest.fixture
def server() -> Iterator[HttpServer]:
    """A server that tells what it was asked."""
    server = HttpServer("127.0.0.1", 0, _handle)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def connection(server: HttpServer) -> Iterator[HTTPConnection]:
    """A connection to it."""
    connection = HTTPConnection(*server.address, timeout=10)
    yield connection
    connection.close()


def _ask(connection: HTTPConnection, method: str, path: str, **options: object) -> tuple[int, bytes]:
    connection.request(method, path, **options)  # type: ignore[arg-type]
    response = connection.getresponse()
    return response.status, response.read()


def test_a_connection_stays(connection: HTTPConnection) -> None:
    assert _ask(connection, "GET", "/a%2Fb?c=d%20e", headers={"X-Name": "n"}) == (200, b"GET /a%2Fb?c=d%20e n 0")
    local = connection.sock.getsockname()
    assert _ask(connection, "GET", "/empty") == (204, b"")
    assert _ask(connection, "HEAD", "/") == (200, b"")
    assert _ask(connection, "PUT", "/", body=b"x" * 1_000_000) == (200, b"PUT / None 1000000")
    assert connection.sock.getsockname() == local


def test_a_body_comes_in_chunks(connection: HTTPConnection) -> None:
    chunks = iter([b"abc", b"d" * 70_000])
    assert _ask(connection, "PUT", "/", body=chunks, encode_chunked=True) == (200, b"PUT / None 70003")
    assert _ask(connection, "GET", "/") == (200, b"GET / None 0")


def test_a_client_that_waits_is_told_to_go_on(server: HttpServer) -> None:
    with socket.create_connection(server.address, timeout=10) as client:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 Continue")
        client.sendall(b"abc")
        assert client.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_a_cut_connection_has_no_answer(server: HttpServer, connection: HTTPConnection) -> None:
    with pytest.raises(ConnectionResetError):
        _ask(connection, "GET", "/cut")
    other = HTTPConnection(*server.address, timeout=10)
    assert _ask(other, "GET", "/")[0] == 200
    other.close()


@pytest.mark.parametrize("words", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n"])
def test_nonsense_does_not_stop_the_server(server: HttpServer, words: bytes) -> None:
    with socket.create_connection(server.address, timeout=10) as client:
        client.sendall(words)
        while client.recv(1000):
            pass
    connection = HTTPConnection(*server.address, timeout=10)
    assert _ask(connection, "GET", "/")[0] == 200
    connection.close()


def test_a_server_that_has_stopped_takes_no_connection() -> None:
    server = HttpServer("127.0.0.1", 0, _handle)
    server.start()
    address = server.address
    open_connection = HTTPConnection(*address, timeout=10)
    assert _ask(open_connection, "GET", "/")[0] == 200
    server.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(address, timeout=10)
    with pytest.raises(OSError):  # noqa: PT011, which one depends on the moment
        _ask(open_connection, "GET", "/")


@pytest.fixture
def slow() -> Iterator[tuple[HttpServer, Event, Event]]:
    """A server, what is set when it has been asked something, and what it waits for before it answers."""
    asked, answer = Event(), Event()

    def handle(_request: Request) -> Response:
        asked.set()
        assert answer.wait(30)
        return Response(200, b"x" * 1_000_000)

    server = HttpServer("127.0.0.1", 0, handle)
    server.start()
    yield server, asked, answer
    answer.set()
    server.vanish()


@contextmanager
def _stopped_as_it_answers(
    slow: tuple[HttpServer, Event, Event], connection: HTTPConnection
) -> Iterator[Future[tuple[int, bytes]]]:
    """The answer to come of a server that was told to stop before it gave it."""
    server, asked, _ = slow
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(_ask, connection, "GET", "/")
        assert asked.wait(30)
        server.stop()
        yield asking


def test_what_takes_too_long_is_cut_when_it_stops(slow: tuple[HttpServer, Event, Event]) -> None:
    server, _, answer = slow
    with _stopped_as_it_answers(slow, HTTPConnection(*server.address, timeout=30)) as asking:
        assert not server.wait(0)
    with pytest.raises(OSError):  # noqa: PT011, after so long it is cut
        asking.result()
    answer.set()
    assert server.wait(30)


def test_what_is_being_answered_when_it_stops_is_sent_whole(slow: tuple[HttpServer, Event, Event]) -> None:
    server, _, answer = slow
    connection = HTTPConnection(*server.address, timeout=30)
    with _stopped_as_it_answers(slow, connection) as asking:
        answer.set()
        assert server.wait(30)
        assert asking.result() == (200, b"x" * 1_000_000)
    with pytest.raises(OSError):  # noqa: PT011, which one depends on the moment
        _ask(connection, "GET", "/")


@pytest.mark.parametrize(
    "request_",
    [
        b"PUT / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nabc",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
def test_half_a_request_is_none(request_: bytes) -> None:
    handled: list[Request] = []

    def handle(request: Request) -> Response:
        handled.append(request)
        return Response(200)

    server = HttpServer("127.0.0.1", 0, handle)
    server.start()
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000) == b""
    server.stop()
    assert server.wait(30)
    assert handled == []
