"""What a client has asked, and the answers that come.

Law: every question ends: with its answer, or with the connection that it was asked on.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import NotConnectedError, RemoteFault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

logger = logging.getLogger("velocious.realtime.client")


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a request; a header that came several times is a list."""

    status: int
    headers: Mapping[str, str | list[str]]
    body: str


class Answers:
    """Questions that wait for their answers, by their ids."""

    def __init__(self) -> None:
        self._waiting: dict[object, asyncio.Future[Any]] = {}
        self._count = 0

    def expect(self) -> tuple[int, asyncio.Future[Any]]:
        """The id of a new question, and its answer once it comes."""
        self._count += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[self._count] = answer
        return self._count, answer

    def forget(self, id: int) -> None:
        """Nobody waits for it any more."""
        self._waiting.pop(id, None)

    def lost(self, unsent: Collection[object]) -> None:
        """The connection has ended: only what was not sent may still be answered."""
        for id, answer in list(self._waiting.items()):
            if id in unsent:
                continue
            del self._waiting[id]
            if not answer.done():
                error = NotConnectedError("The connection ended before the answer came.")
                answer.set_exception(error)

    def came(self, frame: dict[str, Any]) -> None:
        """A frame that answers a question, or says that something of ours was wrong."""
        id = frame.get("id")
        answer = self._waiting.get(id) if isinstance(id, int) else None
        if answer is None or answer.done():
            if frame.get("type") == "error":
                logger.warning("The server says: %s", frame.get("message"))
        elif frame.get("type") == "reply":
            answer.set_result(frame.get("data"))
        elif frame.get("type") == "response":
            answer.set_result(_response(frame))
        else:
            answer.set_exception(_fault(frame))


def _response(frame: dict[str, Any]) -> Response:
    status, headers = frame.get("status"), frame.get("headers")
    return Response(
        status if isinstance(status, int) else 502,
        cast("dict[str, Any]", headers) if isinstance(headers, dict) else {},
        str(frame.get("body") or ""),
    )


def _fault(frame: dict[str, Any]) -> RemoteFault:
    status = frame.get("status")
    return RemoteFault(
        str(frame.get("code")),
        str(frame.get("message")),
        status if isinstance(status, int) else 400,
    )
