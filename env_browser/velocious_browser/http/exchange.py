"""One request from the page's side of this worker, and its answer.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``. What crosses is
JSON text, numbers and bytes, the bytes as copies.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from velocious_browser.interop import json_text

if TYPE_CHECKING:
    from collections.abc import Awaitable

type Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LocalRequest:
    """A request as the service worker saw it.

    Attributes:
        url: the whole address.
        cross_site: another site made it, so it may neither use a session nor change anything.
        mode: what for: ``"navigate"``, ``"cors"``, …
    """

    method: str
    url: str
    headers: Headers
    cross_site: bool = False
    mode: str = "cors"


class Exchange(Protocol):
    """The other side of a request; implemented over JavaScript, and by tests."""

    async def receive(self) -> bytes:
        """The next piece of the body; empty at its end."""
        ...

    def whole(self, status: int, headers: Headers, body: bytes) -> None:
        """The answer, all at once."""
        ...

    def begin(self, status: int, headers: Headers) -> None:
        """The answer begins; pieces follow."""
        ...

    async def piece(self, body: bytes) -> None:
        """A piece of the answer; returns when the reader has room for another."""
        ...

    def end(self) -> None:
        """The answer that was begun is complete."""
        ...

    def fail(self, message: str) -> None:
        """The answer that was begun will never be complete, or none can be given."""
        ...


class JsExchange(Protocol):
    """The object that the worker's JavaScript hands over for each request."""

    def receive(self) -> Awaitable[Any]: ...

    def whole(self, status: int, headers: str, js_body: Any, /) -> object: ...

    def begin(self, status: int, headers: str, /) -> object: ...

    def piece(self, js_body: Any, /) -> Awaitable[object]: ...

    def end(self) -> object: ...

    def fail(self, message: str, /) -> object: ...


class PageExchange:
    """An :class:`Exchange` with the JavaScript around this worker."""

    def __init__(self, js_exchange: JsExchange) -> None:
        self._js_exchange = js_exchange

    async def receive(self) -> bytes:
        js_piece = await self._js_exchange.receive()
        return js_piece.to_bytes()

    def whole(self, status: int, headers: Headers, body: bytes) -> None:
        self._js_exchange.whole(status, json_text(headers), _js_bytes(body))

    def begin(self, status: int, headers: Headers) -> None:
        self._js_exchange.begin(status, json_text(headers))

    async def piece(self, body: bytes) -> None:
        await self._js_exchange.piece(_js_bytes(body))

    def end(self) -> None:
        self._js_exchange.end()

    def fail(self, message: str) -> None:
        self._js_exchange.fail(message)


def parse_request(text: str) -> LocalRequest:
    """The request in the JSON *text* of the service worker."""
    given = json.loads(text)
    headers = [(name, value) for name, value in given["headers"]]
    return LocalRequest(given["method"], given["url"], headers, given["crossSite"], given["mode"])


def _js_bytes(body: bytes) -> Any:
    from pyodide.ffi import to_js

    return to_js(body)
