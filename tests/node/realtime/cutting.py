"""A network that a test can break: what stands between a client and a server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Cutting:
    """Passes bytes on.

    Attributes:
        port: where clients come.
        after: bytes to clients after which their connection breaks; None for none.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.after: int | None = None
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break every connection, without a word."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, back}
        try:
            await asyncio.gather(self._pass(reader, back, None), self._pass(there, writer, self))
        finally:
            for one in (writer, back):
                self._writers.discard(one)
                one.transport.abort()

    async def _pass(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, counts: Cutting | None
    ) -> None:
        passed = 0
        with suppress(ConnectionError):
            while piece := await source.read(65536):
                if counts is not None and self.after is not None:
                    piece = piece[: self.after - passed]
                    passed += len(piece)
                to.write(piece)
                await to.drain()
                if counts is not None and self.after is not None and passed >= self.after:
                    self.after = None
                    break
        # Not abruptly: what was written before arrives.
        with suppress(OSError, RuntimeError):
            to.write_eof()
        if counts is not None:
            to.close()


@asynccontextmanager
async def cutting(target: int) -> AsyncGenerator[Cutting]:
    """A way to the port *target*."""
    made = Cutting(target)
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.cut()
        await server.wait_closed()
