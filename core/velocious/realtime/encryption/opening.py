"""The way in to an encrypted connection.

Law: frames are opened in the order in which they came; the first one that is refused ends the
connection, and nothing behind it is looked at.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from velocious.errors.encryption import FrameRefusedError
from velocious.realtime.close_codes import Close
from velocious.realtime.inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.realtime.connection import Connection
    from velocious.realtime.encryption.sealing import Frame, Opener


class Opening:
    """Opens what *connection* receives and hands it to *take*."""

    __slots__ = ("_connection", "_inbox", "_opener", "_take")

    def __init__(
        self, connection: Connection, opener: Opener, take: Callable[[Connection, Frame], None]
    ) -> None:
        self._connection = connection
        self._opener = opener
        self._take = take
        self._inbox = Inbox(connection.engine.settings.inbound_queue)

    @property
    def is_full(self) -> bool:
        return self._inbox.is_full

    async def room(self) -> None:
        """Wait until another frame may wait here."""
        await self._inbox.room()

    async def close(self) -> None:
        """Drop what waits."""
        await self._inbox.close()

    def put(self, wire: Frame) -> None:
        """Open *wire* when all before it are open."""
        self._inbox.put(partial(self._open, wire))

    async def _open(self, wire: Frame) -> None:
        connection = self._connection
        if connection.is_ending:
            return
        try:
            frame = await self._opener.open(wire)
        except FrameRefusedError as error:
            connection.end(Close.ENCRYPTION_VIOLATED, f"Frame refused: {error.reason}")
        except Exception:
            connection.engine.log_failure(connection, "Decryption")
            connection.end(Close.INTERNAL, "Decryption failed")
        else:
            self._take(connection, frame)
            # What was opened waits for what is done with it: reading stops in time.
            await connection.inbox.room()
