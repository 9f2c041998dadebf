"""What a serving process has from its supervisor: the socket to listen on, and the link to it."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING, Self

from velocious_node.http.listening import inherited
from velocious_node.http.worker import INHERITED_SOCKET, READY, SUPERVISOR_SOCKET

if TYPE_CHECKING:
    from collections.abc import Callable


def handed_down() -> socket.socket | None:
    """The listening socket of the supervisor, if there is one."""
    number = os.environ.pop(INHERITED_SOCKET, None)
    return None if number is None else inherited(int(number))


class Supervisor:
    """The link to whoever started this process; without one, nothing happens."""

    def __init__(self) -> None:
        number = os.environ.pop(SUPERVISOR_SOCKET, None)
        self._link = None if number is None else socket.socket(fileno=int(number))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._link is not None:
            asyncio.get_running_loop().remove_reader(self._link)
            self._link.close()
            self._link = None

    def report_ready(self) -> None:
        if self._link is not None:
            self._link.send(READY)

    def watch(self, gone: Callable[[], None]) -> None:
        """Call *gone* when the supervisor has ended without a word."""
        if self._link is None:
            return
        loop, link = asyncio.get_running_loop(), self._link

        def look() -> None:
            # It never writes: there is something to read when it is gone.
            loop.remove_reader(link)
            gone()

        loop.add_reader(link, look)
