"""Lets nobody new in while those who have come already are still served.

Law: a connection that the kernel has taken is one that we have taken. Closing a listening socket
would reset those that wait in its queue, so first the queue must stop growing, and then run empty.
"""

from __future__ import annotations

import ctypes
import logging
import os
import select
import socket
import struct
import sys
from contextlib import suppress

logger = logging.getLogger("velocious.http")

#: Linux's number for attaching a filter to a socket; Python knows no name for it.
SO_ATTACH_FILTER = 26
#: Drops whoever knocks (SYN) and lets everything else pass: load the byte of TCP's flags, test for
#: SYN, then take nothing or all of the packet. Of an instruction: code, jumps, value.
_DROP_KNOCKING = (
    (0x30, 0, 0, 13),
    (0x45, 0, 1, 0x02),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


class Door:
    """A listening socket. *is_ours*: nobody else goes on with it when we have ended."""

    def __init__(self, listener: socket.socket, *, is_ours: bool) -> None:
        self.listener = listener
        self._is_ours = is_ours
        self._path = _path_of(listener) if is_ours else None

    def shut(self) -> None:
        """Let nobody new in, where nobody else will."""
        if not self._is_ours:
            return
        if self._path is not None:
            self._remove_path()
        elif sys.platform == "linux":
            _drop_knocking(self.listener)

    def close(self) -> None:
        self.listener.close()
        if self._path is not None:
            self._remove_path()

    def _remove_path(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._path or "")


def somebody_waits(listener: socket.socket) -> bool:
    """Whether a connection has been made that nobody has taken yet."""
    if listener.fileno() < 0 or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    return bool(poll.poll(0))


def _path_of(listener: socket.socket) -> str | None:
    name = listener.getsockname()
    return name if isinstance(name, str) and name else None


def _drop_knocking(listener: socket.socket) -> None:
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in _DROP_KNOCKING)
    buffer = ctypes.create_string_buffer(program)
    filter_program = struct.pack("HP", len(_DROP_KNOCKING), ctypes.addressof(buffer))
    try:
        listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, filter_program)
    except OSError as error:
        # Some sandboxes know no filters. Then a connection that comes in the last moment is reset.
        logger.debug("newcomers cannot be kept out: %s", error)
