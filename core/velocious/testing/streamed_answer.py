"""``StreamedAnswer``: an answer that is read while the application makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.testing.answer import AnswerHead
from velocious.testing.deadline import within

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.testing.exchange import Exchange


class StreamedAnswer(AnswerHead):
    """What :meth:`velocious.testing.client.Client.stream` gives; it can be read once."""

    def __init__(self, head: AnswerHead, exchange: Exchange, timeout: float) -> None:
        super().__init__(head.asked, head.status, head.headers, head.cookies)
        self._exchange = exchange
        self._timeout = timeout
        self._pieces = exchange.pieces()

    async def next(self) -> bytes:
        """The next piece, as the application sent it; empty at the end.

        Raises:
            TestingError: none came in time.
        """
        request = self.asked
        late = f"{request.method} {request.path} sent nothing more for {self._timeout:g} s."
        async with within(self._timeout, late):
            return await anext(self._pieces, b"")

    async def pieces(self) -> AsyncGenerator[bytes]:
        """All pieces, each as soon as it was sent."""
        while piece := await self.next():
            yield piece

    async def lines(self) -> AsyncGenerator[str]:
        """The text by lines, without their ends."""
        rest = b""
        async for piece in self.pieces():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.decode("utf-8").removesuffix("\r")
        if rest:
            yield rest.decode("utf-8")

    async def events(self) -> AsyncGenerator[dict[str, str]]:
        """Server-sent events, as their fields by name; those without a field are left out."""
        fields: dict[str, str] = {}
        async for line in self.lines():
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line and fields:
                yield fields
                fields = {}
            elif name:
                fields[name] = f"{fields[name]}\n{value}" if name in fields else value

    async def read(self) -> bytes:
        """What is left, to its end."""
        return b"".join([piece async for piece in self.pieces()])

    async def leave(self) -> None:
        """Go away now, and wait until the application has noticed."""
        await self._exchange.close(self._timeout)
