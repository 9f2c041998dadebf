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

#: Sent unless the application says otherwise.
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Envelope:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, configuration: Configuration) -> None:
        self._app = app
        self._configuration = configuration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 0

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message)
            await send(message)

        try:
            with current.use(self._configuration):
                await self._app(scope, receive, sealed)
        except Exception as error:
            if status:
                # Half an answer is out: only closing the connection tells the client so.
                raise
            request = Request(scope)
            response = explain_failure(request, error, self._configuration.environment)
            await response(scope, receive, sealed)
        finally:
            _log(scope, status, perf_counter() - began)


def _add_headers(message: Message) -> None:
    headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    names = {name for name, _ in headers}
    headers += [header for header in HEADERS if header[0] not in names]
    message["headers"] = headers


def _log(scope: Scope, status: int, seconds: float) -> None:
    if logger.isEnabledFor(logging.INFO):
        logger.info(
            "%s %s %s %.1f ms",
            scope["method"],
            logged_address(scope["path"], scope["query_string"]),
            status or "no answer",
            seconds * 1000,
        )
