"""Requests that come through a websocket, answered by an ASGI application: middleware, cookies,
controllers and all.

Law: a client can say no more by a frame than by a request of its own: who it is and where it comes
from is what its connection began with.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from velocious.errors import Fault
from velocious.realtime.requesting import Answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Scope

    from velocious.realtime import commands
    from velocious.realtime.connection import Connection

#: Bytes of an answer.
LONGEST = 1024 * 1024
#: Headers of the request that the connection began with: a frame cannot change them.
_KEPT = ("host", "cookie", "origin", "user-agent", "accept-language")
#: Headers that a frame cannot bring along: they are about the connection, or for proxies to say.
_DROPPED = (
    *("connection", "content-length", "expect", "forwarded", "keep-alive", "te", "trailer"),
    *("transfer-encoding", "upgrade", "via"),
)
_DROPPED_BEGINNINGS = ("sec-", "proxy-", "x-forwarded-", "x-real-")


class AsgiRequests:
    """Asks *application*."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, connection: Connection, request: commands.Request) -> Answer:
        body, kind = _body(request.body)
        answer = _Exchange(body)
        scope = _scope(connection, request, _headers(connection, request, len(body), kind))
        await self._application(scope, answer.receive, answer.send)
        return answer.answer()


class _Exchange:
    """Both ends of one request."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._status = 500
        self._headers: dict[str, str | list[str]] = {}
        self._chunks: list[bytes] = []
        self._size = 0
        self._ended = asyncio.Event()

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._ended.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            for name, value in message.get("headers", ()):
                self._add(name.decode("latin-1").lower(), value.decode("latin-1"))
        elif message["type"] == "http.response.body":
            self._chunks.append(message.get("body", b""))
            self._size += len(self._chunks[-1])
            if self._size > LONGEST:
                raise Fault("too_big", "The answer is too long for this connection.", status=502)
            if not message.get("more_body", False):
                self._ended.set()

    def _add(self, name: str, value: str) -> None:
        known = self._headers.get(name)
        if known is None:
            self._headers[name] = value
        else:
            self._headers[name] = [*(known if isinstance(known, list) else [known]), value]

    def answer(self) -> Answer:
        try:
            body = b"".join(self._chunks).decode()
        except UnicodeDecodeError as error:
            raise Fault("binary", "The answer is no text: ask over HTTP.", status=502) from error
        return Answer(self._status, self._headers, body)


def _body(body: Any) -> tuple[bytes, str | None]:
    """The bytes of a request, and their type where the frame need not say it."""
    if body is None:
        return b"", None
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass"), None
    return json.dumps(body).encode(), "application/json"


def _headers(
    connection: Connection, request: commands.Request, size: int, kind: str | None
) -> list[tuple[bytes, bytes]]:
    headers = {
        name.lower(): value
        for name, value in request.headers.items()
        if name.lower() not in _DROPPED and not name.lower().startswith(_DROPPED_BEGINNINGS)
    }
    for name in _KEPT:
        headers.pop(name, None)
        if name in connection.upgrade.headers:
            headers[name] = connection.upgrade.headers[name]
    if kind is not None:
        headers.setdefault("content-type", kind)
    if size:
        headers["content-length"] = str(size)
    try:
        return [(name.encode("ascii"), _line(value)) for name, value in headers.items()]
    except ValueError as error:
        raise Fault("bad_header", "A header has unfit characters.") from error


def _line(value: str) -> bytes:
    if "\r" in value or "\n" in value or "\0" in value:
        raise ValueError("a header is one line")
    return value.encode("latin-1")


def _scope(
    connection: Connection, request: commands.Request, headers: list[tuple[bytes, bytes]]
) -> Scope:
    path, _, query = request.path.partition("?")
    path = path.partition("#")[0]
    if not path.startswith("/"):
        raise Fault("bad_path", "A path begins with `/`.")
    around = connection.upgrade.scope
    scope: Scope = {
        "type": "http",
        "asgi": around.get("asgi", {"version": "3.0"}),
        "http_version": "1.1",
        "method": request.method.upper(),
        "scheme": "https" if around.get("scheme") in ("wss", "https") else "http",
        "path": unquote(path),
        "raw_path": path.encode("utf-8", "surrogatepass"),
        "query_string": query.partition("#")[0].encode("utf-8", "surrogatepass"),
        "root_path": "",
        "headers": headers,
        "client": around.get("client"),
        "server": around.get("server"),
        "velocious.connection": connection,
    }
    if "state" in around:
        scope["state"] = around["state"]
    return scope
