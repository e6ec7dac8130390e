"""Functions of URLs, read as java.net.URI reads them.

Source: https://trino.io/docs/current/functions/url.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote_plus, unquote, unquote_plus

from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import each
from local_athena.dialect.runtime import PythonFunction
from local_athena.dialect.typed import Typed
from local_athena.errors import raise_text
from local_athena.types.model import Varchar

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_LONGEST = 2147483647
_URI = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):)?(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_FORBIDDEN = re.compile(r'[\x00-\x20"<>\\^`{|}\x7f]|%(?![0-9A-Fa-f]{2})|\s')
_AUTHORITY = re.compile(
    r"(?:[^@\[\]]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|\d+\.\d+\.\d+\.\d+|"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.?)(?::(?P<port>\d*))?"
)
_BAD_ESCAPE = re.compile(r"%(.?.?)", re.DOTALL)


def _parts(url: str) -> dict[str, str | None] | None:
    """The parts of a URL; None if it is none."""
    found = _URI.fullmatch(url)
    if found is None or _FORBIDDEN.search(url):
        return None
    parts = found.groupdict()
    if parts["scheme"] is None and parts["authority"] is None and ":" in (parts["path"] or "").split("/")[0]:
        return None
    if parts["scheme"] is not None and parts["authority"] is None and not (parts["path"] or "").startswith("/"):
        # An opaque URI, e.g. `mailto:a@b.c`.
        return {"scheme": parts["scheme"], "fragment": parts["fragment"]} if parts["path"] else None
    if parts["authority"] and (server := _AUTHORITY.fullmatch(parts["authority"])):
        parts.update(server.groupdict())
    return parts


def _extract(part: str) -> Callable[[str], str | None]:
    def extract(url: str) -> str | None:
        parts = _parts(url)
        if parts is None:
            return None
        value = parts.get(part) or ""
        return value if part in ("scheme", "host") else unquote(value)

    return extract


def _port(url: str) -> int | None:
    port = (_parts(url) or {}).get("port")
    return int(port) if port else None


def _parameter(url: str, name: str) -> str | None:
    query = (_parts(url) or {}).get("query")
    for entry in (query or "").split("&"):
        key, _, value = entry.partition("=")
        if query is not None and key == name:
            return unquote_plus(value)
    return None


def _decode(text: str) -> str:
    for found in _BAD_ESCAPE.finditer(text):
        digits = found[1]
        if len(digits) < 2:
            raise_text(_INVALID, "URLDecoder: Incomplete trailing escape (%) pattern")
        if digits.startswith("-"):
            raise_text(_INVALID, "URLDecoder: Illegal hex characters in escape (%) pattern - negative value")
        for index, digit in enumerate(digits):
            if digit not in "0123456789abcdefABCDEF":
                message = "URLDecoder: Illegal hex characters in escape (%) pattern - Error at index"
                raise_text(_INVALID, f'{message} {index} in: "{digits}"')
    return unquote_plus(text)


def _encode(call: Call) -> Typed:
    length = call.numbers["x"]
    longest = None if length is None or length * 12 > _LONGEST else length * 12
    return Typed(call.filled("(trino_url_encode({0}))"), Varchar(longest))


SCALARS: Table = {
    "url_decode(varchar(x)) -> varchar(x)": "trino_url_decode({0})",
    "url_encode(varchar(x)) -> varchar(y)": _encode,
    "url_extract_parameter(varchar(x), varchar(y)) -> varchar(x)": "trino_url_parameter({0}, {1})",
    "url_extract_port(varchar(x)) -> bigint": "trino_url_port({0})",
    **each(
        ("fragment", "host", "path", "protocol", "query"),
        {"url_extract_$(varchar(x)) -> varchar(x)": "trino_url_$({0})"},
    ),
}

_NAMES = {"fragment": "fragment", "host": "host", "path": "path", "protocol": "scheme", "query": "query"}
PYTHON = (
    PythonFunction("trino_url_decode", _decode, ("VARCHAR",), "VARCHAR"),
    PythonFunction(
        "trino_url_encode", lambda text: quote_plus(text, safe="*").replace("~", "%7E"), ("VARCHAR",), "VARCHAR"
    ),
    PythonFunction("trino_url_parameter", _parameter, ("VARCHAR", "VARCHAR"), "VARCHAR"),
    PythonFunction("trino_url_port", _port, ("VARCHAR",), "BIGINT"),
    *(PythonFunction(f"trino_url_{name}", _extract(part), ("VARCHAR",), "VARCHAR") for name, part in _NAMES.items()),
)
