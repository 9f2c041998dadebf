"""What sealing and opening are, for every kind of encryption, and the type of what may be sent.

Law: a socket takes :data:`OnWire` and nothing else. There are two ways to get one: a sealer, and
:func:`in_clear`, which only the outlet of a connection calls, as long as that is not encrypted.
"""

from __future__ import annotations

from typing import NewType, Protocol, overload

#: A frame as a dialect wrote it, or reads it.
type Frame = str | bytes

WireText = NewType("WireText", str)
WireBytes = NewType("WireBytes", bytes)

#: What may leave the process.
type OnWire = WireText | WireBytes


class Sealer(Protocol):
    """Makes of each frame of one direction what only the other end can read."""

    async def seal(self, frame: Frame) -> OnWire:
        """*frame*, sealed. Frames must be sent in the order in which they were given here.

        Raises:
            EncryptionError: it cannot be; then nothing may be sent on this connection any more.
        """
        ...


class Opener(Protocol):
    """Reads what the other end has sealed."""

    async def open(self, wire: Frame) -> Frame:
        """The frame in *wire*.

        Raises:
            FrameRefusedError: the other end has not sent this, or not now.
        """
        ...


@overload
def in_clear(frame: str) -> WireText: ...
@overload
def in_clear(frame: bytes) -> WireBytes: ...
@overload
def in_clear(frame: Frame) -> OnWire: ...
def in_clear(frame: Frame) -> OnWire:
    """*frame* as it is, for a connection that is not encrypted."""
    return WireText(frame) if isinstance(frame, str) else WireBytes(frame)
