"""Asks an application as a server would, without one: what arrives and in which pieces is said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    from starlette.types import ASGIApp

BOUNDARY = "X-boundary"


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        return self.json["error"]


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    body: bytes | AsyncIterable[bytes | None] = b"",
    *,
    query: str = "",
    **headers: str,
) -> Answer:
    """The answer to one request; None among the pieces of *body* is a client that leaves."""
    pieces = aiter(_pieces(body))
    answer = Answer(0, b"")

    async def receive() -> dict[str, Any]:
        try:
            piece = await anext(pieces)
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: Any) -> None:
        answer.status = message.get("status", answer.status)
        answer.body += message.get("body", b"")

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (b"host", b"app.test"),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        ],
        "server": ("app.test", 80),
    }
    await app(scope, receive, send)
    return answer


async def _pieces(body: bytes | AsyncIterable[bytes | None]) -> AsyncIterable[bytes | None]:
    if isinstance(body, bytes):
        yield body
    else:
        async for piece in body:
            yield piece


def multipart(*parts: bytes, end: str = f"--{BOUNDARY}--\r\n") -> bytes:
    """A form of *parts*, each with its headers, as curl and fetch send it."""
    framed = [f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts]
    return b"".join(framed) + end.encode()


def field(name: str, value: str | bytes) -> bytes:
    """A field of a form."""
    content = value.encode() if isinstance(value, str) else value
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content


def file(name: str, filename: str, content: bytes, content_type: str = "text/plain") -> bytes:
    """A file in a form."""
    header = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return f"{header}Content-Type: {content_type}\r\n\r\n".encode() + content


#: The header of a form made by :func:`multipart`.
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
