"""``ClientEvents``: an :class:`~velocious.realtime.client.EventsClient` for tests, which asks an
application in this process.

::

    client = EventsClient("/realtime/events", ClientEvents(Client(configuration)))
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from velocious.errors import ConnectFailedError, SocketClosedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.testing.client import Client
    from velocious.testing.streamed_answer import StreamedAnswer


class ClientEvents:
    """Asks as *client* does, with its cookies.

    Attributes:
        answers: the streams that are open.
        asked: what was asked for, as headers with the address under ``url``.
        is_away: whether nobody answers.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.answers: list[ClientEventAnswer] = []
        self.asked: list[dict[str, str]] = []
        self.is_away = False

    async def get(self, url: str, headers: Mapping[str, str]) -> ClientEventAnswer:
        self._check(url)
        self.asked.append({**headers, "url": url})
        stack = AsyncExitStack()
        answer = await stack.enter_async_context(
            self._client.stream("GET", url, headers={**headers})
        )
        made = ClientEventAnswer(answer, stack, self.answers)
        self.answers.append(made)
        return made

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        self._check(url)
        answer = await self._client.post(url, headers={**headers}, body=body.encode())
        return answer.status

    def cut(self) -> None:
        """Break all streams, as a broken network does."""
        for answer in list(self.answers):
            answer.cut()

    def _check(self, url: str) -> None:
        if self.is_away:
            raise ConnectFailedError(url, "nobody is there")


class ClientEventAnswer:
    """One answer."""

    def __init__(
        self, answer: StreamedAnswer, stack: AsyncExitStack, among: list[ClientEventAnswer]
    ) -> None:
        self.status = answer.status
        self.kind = answer.headers.get("content-type", "").partition(";")[0]
        self.retry_after = answer.headers.get("retry-after", "")
        self._answer = answer
        self._stack = stack
        self._among = among
        self._cut: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def read(self) -> bytes:
        reading = asyncio.ensure_future(self._answer.next())
        try:
            await asyncio.wait({reading, self._cut}, return_when=asyncio.FIRST_COMPLETED)
            if self._cut.done():
                raise SocketClosedError(1006, "cut by the test")
            return reading.result()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def cut(self) -> None:
        """Break it, as a broken network does."""
        if not self._cut.done():
            self._cut.set_result(None)

    async def close(self) -> None:
        if self in self._among:
            self._among.remove(self)
            await self._stack.aclose()
