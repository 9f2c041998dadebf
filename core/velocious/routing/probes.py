"""Answers those who watch the process: whether it lives, and whether it can answer requests.

Law: before the host check, for a load balancer asks by address; without a line in the log, for it
asks every second; and without a word about what is inside.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration

logger = logging.getLogger("velocious.http")

#: Set in the state of the lifespan by a server that is about to stop.
STOPPING = "velocious.stopping"
#: Seconds in which every database must answer.
PATIENCE = 3.0

_METHODS = ("GET", "HEAD")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Probes:
    """ASGI middleware that answers ``http.health`` and ``http.readiness``."""

    def __init__(self, app: ASGIApp, configuration: Configuration) -> None:
        self._app = app
        self._configuration = configuration
        http = configuration.http
        self._paths = {path for path in (http.health, http.readiness) if path is not None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") not in self._paths or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] not in _METHODS:
            status, text = 405, "GET or HEAD"
        elif scope["path"] == self._configuration.http.health:
            status, text = 200, "up"
        else:
            status, text = await self._readiness(scope)
        headers = {**_HEADERS, "Allow": "GET, HEAD"} if status == 405 else _HEADERS
        await PlainTextResponse(f"{text}\n", status, headers)(scope, receive, send)

    async def _readiness(self, scope: Scope) -> tuple[int, str]:
        if scope.get("state", {}).get(STOPPING):
            return 503, "stopping"
        silent = await self.silent_databases()
        return (503, f"not ready: {', '.join(silent)}") if silent else (200, "ready")

    async def silent_databases(self) -> list[str]:
        """The identifiers of the databases that do not answer."""
        names = list(self._configuration.databases)
        answers = await asyncio.gather(*(self._answers(name) for name in names))
        return [name for name, answered in zip(names, answers, strict=True) if not answered]

    async def _answers(self, identifier: str) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._configuration.database(identifier).fetch("SELECT 1")
        except Exception as error:
            # Whatever it is, the database is no use; the log says what, the answer does not.
            logger.warning("The database %r is not ready: %s", identifier, error)
            return False
        return True
