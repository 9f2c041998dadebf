"""The port for the two things that only a library can do: agreeing on a secret, and AES-GCM.

Law: everything is awaited, because a browser's cryptography answers later. What can be written with
the standard library (HKDF, frames, counters) is not here: it has one implementation, in core.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

#: Bytes of an AES-256 key, of a nonce, and of the tag at the end of what is sealed.
KEY, NONCE, TAG = 32, 12, 16


class Curve(StrEnum):
    """Where two ends agree on a secret. Every browser has P-256; X25519 is newer there."""

    P256 = "p256"
    X25519 = "x25519"

    @property
    def public_size(self) -> int:
        """Bytes of a public key: for P-256 an uncompressed point."""
        return 65 if self is Curve.P256 else 32

    @classmethod
    def of(cls, public: bytes) -> Curve | None:
        """The curve of a public key, which its length tells; None where there is none."""
        return next((one for one in cls if one.public_size == len(public)), None)


class KeyPair(Protocol):
    """A private key that stays where it was made, and the public one.

    Attributes:
        curve: where both lie.
        public: what the other end is told.
    """

    @property
    def curve(self) -> Curve: ...

    @property
    def public(self) -> bytes: ...

    async def agree(self, peer: bytes) -> bytes:
        """The 32 bytes that both ends have in common; *peer* is the other one's public key.

        Raises:
            UnusableKeyError: *peer* is not on the curve, or leads to a secret that anybody knows.
        """
        ...


class Aead(Protocol):
    """AES-256-GCM with one key. Never seal twice with the same nonce."""

    async def seal(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        """*data*, hidden, with the tag of 16 bytes behind it; *context* is bound in."""
        ...

    async def open(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes | None:
        """What was sealed; None where nonce, context or a byte is another."""
        ...


class Crypto(Protocol):
    """What an environment offers."""

    async def key_pair(self, curve: Curve) -> KeyPair:
        """A new pair."""
        ...

    async def aead(self, key: bytes) -> Aead:
        """A cipher for *key*, which has 32 bytes."""
        ...
