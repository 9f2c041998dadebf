"""Squeezes answers for clients who can read that.

Law: what is squeezed is text of some length, whole and not squeezed yet; never a stream of events,
never a part of a file. An answer that depends on Accept-Encoding says so (Vary), and its tag
becomes a weak one, for its bytes are no longer those of the file.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from velocious_node.http.codings import codings

if TYPE_CHECKING:
    from starlette.types import Message, Send

    from velocious_node.http.codings import Compressor

#: Bytes below which an answer fits into one packet anyway.
WORTH_COMPRESSING = 1400
#: Bytes from which on squeezing takes so long that other requests must go on meanwhile.
WORTH_A_THREAD = 256 * 1024

_TYPES = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/toml",
        "application/wasm",
        "application/xml",
        "font/otf",
        "font/ttf",
        "image/svg+xml",
        "image/x-icon",
    }
)
_WITHOUT_BODY = frozenset({204, 205, 304})


class Compressed:
    """The ``send`` of one request whose client reads *coding*."""

    def __init__(self, send: Send, coding: str | None, *, is_head: bool) -> None:
        self._send = send
        self._coding = coding
        self._is_head = is_head
        self._start: Message | None = None
        self._compressor: Compressor | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if may_be_compressed(message):
                # Held back until the first piece of the body says whether it is worth it.
                self._start = message
                return
        elif message["type"] == "http.response.body":
            if self._start is not None:
                await self._begin(self._start, message)
                self._start = None
                return
            if self._compressor is not None:
                message = {**message, "body": await _squeezed(self._compressor, message)}
        await self._send(message)

    async def _begin(self, start: Message, first: Message) -> None:
        headers = MutableHeaders(raw=list(start.get("headers", ())))
        headers.add_vary_header("Accept-Encoding")
        if self._coding is not None and not self._is_head and _is_worth_it(headers, first):
            self._compressor = codings()[self._coding]()
            first = {**first, "body": await _squeezed(self._compressor, first)}
            _describe(headers, self._coding, first)
        await self._send({**start, "headers": headers.raw})
        await self._send(first)


def may_be_compressed(start: Message) -> bool:
    """Whether this is an answer whose form may depend on Accept-Encoding."""
    headers = Headers(raw=list(start.get("headers", ())))
    return (
        start["status"] not in _WITHOUT_BODY
        and start["status"] != 206
        and "content-encoding" not in headers
        and "content-range" not in headers
        and "no-transform" not in headers.get("cache-control", "")
        and _is_text(headers.get("content-type", ""))
    )


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return False
    return kind.startswith("text/") or kind in _TYPES or kind.endswith(("+json", "+xml"))


def _is_worth_it(headers: Headers, first: Message) -> bool:
    if not first.get("more_body", False):
        return len(first.get("body", b"")) >= WORTH_COMPRESSING
    announced = headers.get("content-length", "")
    return not announced.isdecimal() or int(announced) >= WORTH_COMPRESSING


async def _squeezed(compressor: Compressor, message: Message) -> bytes:
    body: bytes = message.get("body", b"")
    is_last = not message.get("more_body", False)
    if not body and not is_last:
        return b""
    squeeze = compressor.last if is_last else compressor.chunk
    if len(body) < WORTH_A_THREAD:
        return squeeze(body)
    return await asyncio.to_thread(squeeze, body)


def _describe(headers: MutableHeaders, coding: str, first: Message) -> None:
    headers["Content-Encoding"] = coding
    tag = headers.get("etag")
    if tag is not None and not tag.startswith("W/"):
        headers["ETag"] = f"W/{tag}"
    # The parts of what is sent are not the parts of the file.
    del headers["Accept-Ranges"]
    if first.get("more_body", False):
        del headers["Content-Length"]
    else:
        headers["Content-Length"] = str(len(first["body"]))
