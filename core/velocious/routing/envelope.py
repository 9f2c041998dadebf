"""What every request has in common: its configuration, headers for safety, a line in the log, and
an answer even where the application fails.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

from starlette.requests import Request

from velocious import current
from velocious.routing.failures import explain_failure
from velocious.routing.parameter_filter import logged_address

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from velocious.configuration import Configuration

logger = logging.getLogger("velocious.http")
#: Where the files of the browser runtime are served.
RUNTIME = "/velocious/"

#: Sent unless the application says otherwise.
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"x-frame-options": b"SAMEORIGIN",
    b"cross-origin-opener-policy": b"same-origin",
}


class Envelope:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, configuration: Configuration) -> None:
        self._app = app
        self._configuration = configuration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Starlette's routes raise for us, instead of answering in plain text, where this is set.
        scope["app"] = self
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 0

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
                message["headers"] = headers + _missing(headers)
            await send(message)

        try:
            with current.use(self._configuration):
                await self._app(scope, receive, sealed)
        except Exception as error:
            response = explain_failure(Request(scope), error, self._configuration.environment)
            if status:
                # Half an answer is out: only closing the connection tells the client so.
                raise
            await response(scope, receive, sealed)
        finally:
            if logger.isEnabledFor(logging.INFO):
                _log(scope, status, perf_counter() - began)


def _missing(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = {name for name, _ in headers}
    return [header for header in HEADERS.items() if header[0] not in given]


def _log(scope: Scope, status: int, seconds: float) -> None:
    address = logged_address(scope["path"], scope["query_string"])
    outcome = status or "no answer"
    # A page fetches some thirty files of the runtime; they would drown the requests of interest.
    level = logging.DEBUG if status < 400 and scope["path"].startswith(RUNTIME) else logging.INFO
    logger.log(level, "%s %s %s %.1f ms", scope["method"], address, outcome, seconds * 1000)
