"""What an application sends by ASGI, as an answer of an exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from velocious_browser.http.exchange import Exchange, Headers

SET_COOKIE = "set-cookie"


class Answer:
    """Collects the messages of one answer; what comes whole leaves in one piece.

    Attributes:
        is_begun: whether the reader knows the status already.
        is_done: whether it has the whole answer.
    """

    def __init__(
        self, exchange: Exchange, *, method: str, keep_cookies: Callable[[list[str]], None]
    ) -> None:
        self._exchange = exchange
        self._without_body = method == "HEAD"
        self._keep_cookies = keep_cookies
        self._status = 0
        self._headers: Headers = []
        self.is_begun = False
        self.is_done = False

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """The ``send`` of ASGI."""
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body" and not self.is_done:
            await self._body(message.get("body", b""), more=message.get("more_body", False))

    def _start(self, message: MutableMapping[str, Any]) -> None:
        self._status = message["status"]
        decoded = [
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in message.get("headers", ())
        ]
        self._headers = [header for header in decoded if header[0] != SET_COOKIE]
        cookies = [value for name, value in decoded if name == SET_COOKIE]
        if cookies:
            self._keep_cookies(cookies)

    async def _body(self, body: bytes, *, more: bool) -> None:
        body = b"" if self._without_body else bytes(body)
        if not more and not self.is_begun:
            self.is_begun = self.is_done = True
            self._exchange.whole(self._status, self._headers, body)
            return
        if not self.is_begun:
            self.is_begun = True
            self._exchange.begin(self._status, self._headers)
        if body:
            await self._exchange.piece(body)
        if not more:
            self.is_done = True
            self._exchange.end()
