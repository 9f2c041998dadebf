"""What a client has sent and the application has not received yet.

A queue of asyncio's would do, and costs every idle connection 2.5 KB.
"""

from __future__ import annotations

import asyncio
from typing import Any

type Message = dict[str, Any]


class Inbox:
    """Messages of one connection; the first disconnect is the last of them, and stays.

    Attributes:
        messages: those that wait to be received.
    """

    __slots__ = ("_ended", "_waiters", "messages")

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._ended = False

    def put_nowait(self, message: Message) -> None:
        """Hand *message* to whoever waits; after a disconnect, nothing comes any more."""
        if self._ended:
            return
        self._ended = message["type"] == "websocket.disconnect"
        self.messages.append(message)
        if self._waiters:
            self._wake_all() if self._ended else self._wake_one()

    def empty(self) -> bool:
        return not self.messages

    async def get(self) -> Message:
        """The next message; where the client has gone, that it has."""
        while not self.messages:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                self._give_up(waiter)
                raise
        if self._ended and len(self.messages) == 1:
            # Asked again, it says so again, where a queue would wait for ever.
            return self.messages[0]
        return self.messages.pop(0)

    def _wake_one(self) -> None:
        while self._waiters:
            waiter = self._waiters.pop(0)
            if not waiter.done():
                waiter.set_result(None)
                return

    def _wake_all(self) -> None:
        while self._waiters:
            self._wake_one()

    def _give_up(self, waiter: asyncio.Future[None]) -> None:
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        elif self.messages:
            # It had been woken for a message that is now the next one's.
            self._wake_one()
