"""What goes wrong between two ends of an encrypted connection."""

from __future__ import annotations

from typing import Literal

from velocious.errors.realtime import RealtimeError

#: Why a frame is refused.
type Refusal = Literal["unencrypted", "malformed", "replayed", "out_of_order", "not_authentic"]

_SAID: dict[Refusal, str] = {
    "unencrypted": "it is not encrypted, and this connection is",
    "malformed": "it has not the form of an encrypted frame",
    "replayed": "it was here before",
    "out_of_order": "frames before it are missing",
    "not_authentic": (
        "it was changed on its way, or made for another connection or the other direction"
    ),
}


class EncryptionError(RealtimeError):
    """A connection cannot be encrypted, or must not go on."""

    code = "encryption_error"


class UnusableKeyError(EncryptionError):
    """The other end has sent a public key, or a salt, that is none."""

    code = "unusable_key"

    def __init__(self, what: str, wanted: str) -> None:
        self.what = what
        super().__init__(f"The {what} of the other end cannot be used: it must be {wanted}.")


class FrameRefusedError(EncryptionError):
    """A frame arrived that the other end has not sent, or not like this. The connection must be
    closed: nothing that arrives on it afterwards can be believed.

    Attributes:
        reason: ``"unencrypted"``, ``"malformed"``, ``"replayed"``, ``"out_of_order"`` or
            ``"not_authentic"``.
    """

    code = "frame_refused"

    def __init__(self, reason: Refusal) -> None:
        self.reason: Refusal = reason
        super().__init__(
            f"A frame was refused: {_SAID[reason]}. Close the connection; a new one has new keys."
        )
