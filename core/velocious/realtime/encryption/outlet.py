"""The only way from a connection's queue to its socket, and the only one back.

Law: from the moment a connection is encrypted, no frame passes that is not sealed; there is no way
to end it but to close. Frames leave in the order in which they were written, however long the
sealing of one of them takes.
"""

from __future__ import annotations

from asyncio import Lock
from typing import TYPE_CHECKING

from velocious.errors.encryption import EncryptionError
from velocious.realtime.encryption.sealing import in_clear

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.realtime.encryption.sealing import Frame, OnWire, Opener, Sealer


class Outlet:
    """Where a connection writes; *send* is the socket's.

    Example::

        outlet = Outlet(socket.send)
        await outlet.write(hello)
        await outlet.encrypt(session.sealer, ready)     # the last frame that anybody can read
        await outlet.write(event)
    """

    __slots__ = ("_broken", "_lock", "_sealer", "_send")

    def __init__(self, send: Callable[[OnWire], Awaitable[object]]) -> None:
        self._send = send
        self._sealer: Sealer | None = None
        # A lock of asyncio is taken in the order in which it was asked for.
        self._lock = Lock()
        self._broken = False

    @property
    def is_encrypted(self) -> bool:
        return self._sealer is not None

    async def write(self, frame: Frame) -> None:
        """Send *frame* after all that was written before.

        Raises:
            EncryptionError: it could not be sealed, or one before it could not be; close the
                connection.
        """
        async with self._lock:
            if self._sealer is None:
                await self._send(in_clear(frame))
            else:
                await self._write_sealed(self._sealer, frame)

    async def encrypt(self, sealer: Sealer, last: Frame) -> None:
        """Send *last* in clear, which tells the other end what it needs to read on, and seal all
        that is written from now on.

        Raises:
            EncryptionError: the connection is encrypted already.
        """
        async with self._lock:
            if self._sealer is not None:
                raise EncryptionError(
                    "The connection is encrypted already, and keeps its keys until it is closed. "
                    "Open a new one for new keys."
                )
            # First, so that nothing leaves in clear even if sending the last frame fails.
            self._sealer = sealer
            with _Breaking(self):
                await self._send(in_clear(last))

    async def _write_sealed(self, sealer: Sealer, frame: Frame) -> None:
        if self._broken:
            raise EncryptionError(
                "A frame before this one was not sent, so that the other end would refuse this "
                "one. Close the connection."
            )
        with _Breaking(self):
            await self._send(await sealer.seal(frame))


class _Breaking:
    """Sealed frames are counted: after one that was given up, no other fits."""

    __slots__ = ("_outlet",)

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._outlet._broken = True


class Inlet:
    """Where a connection reads what arrived: in order, and opened once it is encrypted."""

    __slots__ = ("_lock", "_opener")

    def __init__(self) -> None:
        self._opener: Opener | None = None
        self._lock = Lock()

    @property
    def is_encrypted(self) -> bool:
        return self._opener is not None

    def decrypt(self, opener: Opener) -> None:
        """Take nothing any more but what *opener* opens.

        Raises:
            EncryptionError: the connection is encrypted already.
        """
        if self._opener is not None:
            raise EncryptionError(
                "The connection is encrypted already, and keeps its keys until it is closed."
            )
        self._opener = opener

    async def read(self, wire: Frame) -> Frame:
        """The frame in *wire*.

        Raises:
            FrameRefusedError: the other end has not sent this, or not now: close the connection
                with 4400.
        """
        async with self._lock:
            return wire if self._opener is None else await self._opener.open(wire)
