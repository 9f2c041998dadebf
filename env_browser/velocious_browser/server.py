"""``BrowserServer``: the application of this worker answers requests, with no server anywhere.

Law: it is the very ASGI application that a server runs, on this browser's database and with this
browser's own cookies. No thread is ever used.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from velocious_browser.http.answer import Answer
from velocious_browser.http.cookie_file import read_jar, write_jar
from velocious_browser.http.scope import http_scope
from velocious_browser.preparation import prepare_database
from velocious_browser.threadless import run_without_threads

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from velocious_browser.application import Application
    from velocious_browser.http.exchange import Exchange, LocalRequest

#: Requests that run side by side; others wait for their turn.
AT_ONCE = 64

logger = logging.getLogger("velocious.browser")


class BrowserServer:
    """Answers the requests of this origin's pages.

    ::

        server = BrowserServer(application)
        await server.answer(request, exchange)

    Attributes:
        cookies: the jar of the application in this browser.
    """

    def __init__(self, application: Application, *, at_once: int = AT_ONCE) -> None:
        self._application = application
        self._files = application.configuration.files
        self.cookies = read_jar(self._files, application.configuration.clock)
        self._root_path: str = application.boot.given.get("prefix", "")
        self._turns = asyncio.Semaphore(at_once)
        self._preparing = asyncio.Lock()
        self._asgi: ASGIApp | None = None

    async def answer(self, request: LocalRequest, exchange: Exchange) -> None:
        """Answer *request* through *exchange*; cancel it when nobody waits any more."""
        async with self._turns:
            app = self._asgi or await self._ready()
            await self._run(app, request, exchange)

    async def _ready(self) -> ASGIApp:
        """The application, once its database is what it expects."""
        async with self._preparing:
            if self._asgi is None:
                await prepare_database(self._application)
                run_without_threads()
                self._asgi = self._application.configuration.asgi()
            return self._asgi

    async def _run(self, app: ASGIApp, request: LocalRequest, exchange: Exchange) -> None:
        scope = http_scope(request, self.cookies, self._root_path)
        answer = Answer(
            exchange,
            method=request.method,
            keep_cookies=lambda headers: self._keep(headers, scope),
        )
        try:
            await app(scope, _receiver(exchange), answer.send)
        except Exception as error:
            # What fails before the answer begins is explained by the application itself.
            logger.exception("%s %s failed", request.method, scope["path"])
            exchange.fail(f"{type(error).__name__}: {error}")
            return
        if not answer.is_done:
            exchange.fail(f"{request.method} {scope['path']} ended without a whole answer")

    def _keep(self, headers: list[str], scope: dict[str, Any]) -> None:
        # On the disk before the page has the answer: a session that it was told about exists.
        if self.cookies.store(headers, host=scope["server"][0], path=scope["path"]):
            write_jar(self._files, self.cookies)


def _receiver(exchange: Exchange) -> Any:
    """The ``receive`` of ASGI: the body in pieces, then nothing until the request is cancelled."""
    is_read = False

    async def receive() -> dict[str, Any]:
        nonlocal is_read
        if is_read:
            await asyncio.Event().wait()
        piece = await exchange.receive()
        is_read = not piece
        return {"type": "http.request", "body": piece, "more_body": not is_read}

    return receive
