"""What sealing and opening are, for every kind of encryption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A frame as a dialect wrote it, or reads it.
type Frame = str | bytes


#: What the envelope of a sealed frame adds, at most.
_ENVELOPE = 100


def sealed_size(size: int) -> int:
    """Bytes that a frame of *size* bytes has at most when it is sealed: base64 writes three bytes
    as four letters.
    """
    return -(-size // 3) * 4 + _ENVELOPE


class Sealer(Protocol):
    """Makes of each frame of one direction what only the other end can read."""

    async def seal(self, frame: Frame) -> Frame:
        """*frame*, sealed. What comes back must be sent in the order of the calls.

        Raises:
            EncryptionError: it cannot be; then nothing may be sent on this connection any more.
        """
        ...


class Opener(Protocol):
    """Reads what the other end has sealed."""

    async def open(self, wire: Frame) -> Frame:
        """The frame in *wire*. Calls are made one after the other.

        Raises:
            FrameRefusedError: the other end has not sent this, or not now.
        """
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a handshake ends with.

    Attributes:
        extra: what the client is told with the frame that says it is in: the last one in clear.
        sealer: through which all goes from then on; None: the client wants no encryption, and the
            application has said that it need not.
        opener: through which all comes; None: this encryption covers only what the server sends.
    """

    extra: Mapping[str, Any]
    sealer: Sealer | None = None
    opener: Opener | None = None


#: There is no handshake, or there was one.
NO_ENCRYPTION = Agreement({})
