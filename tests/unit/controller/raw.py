"""Speaks ASGI itself, for what a client library would hide."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


class Conversation:
    """One request, with an ear for every message; the client hangs up when it is told to."""

    def __init__(self, client: httpx.AsyncClient, method: str, path: str, **headers: str) -> None:
        transport: Any = client._transport
        self._app = transport.app
        target, _, query = path.partition("?")
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": target,
            "raw_path": target.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"app.test"),
                *(
                    (name.replace("_", "-").encode(), value.encode("latin-1"))
                    for name, value in headers.items()
                ),
            ],
            "client": ("127.0.0.1", 5000),
            "server": ("app.test", 80),
        }
        self.heard: list[dict[str, Any]] = []
        self.news = asyncio.Event()
        self._asked = False
        self._gone = asyncio.Event()

    async def run(self) -> list[dict[str, Any]]:
        """Let the application answer; what was heard."""
        await self._app(self.scope, self._receive, self._send)
        return self.heard

    def hang_up(self) -> None:
        self._gone.set()

    async def until(self, text: bytes) -> None:
        """Wait until *text* has been heard."""
        async with asyncio.timeout(10):
            while text not in self.body:
                self.news.clear()
                await self.news.wait()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.heard)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.heard.append(message)
        self.news.set()


async def ask(
    client: httpx.AsyncClient, method: str, path: str, **headers: str
) -> list[dict[str, Any]]:
    """All messages of the answer to one request."""
    return await Conversation(client, method, path, **headers).run()
