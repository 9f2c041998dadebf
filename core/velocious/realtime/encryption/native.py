"""Encryption of the native dialect: both directions, each frame once, in order.

Law: each connection has keys of its own, one for each direction, derived from both public keys, a
salt and the connection's id. A frame carries its number, which is its nonce; whatever is replayed,
left out, moved, changed or sent back is refused, and after that nothing is believed any more.

It keeps what is between the ends of TLS and of the application from reading and changing frames
unnoticed. It does not say who the other end is: whoever answers in the server's place and relays
all could read. TLS says that.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from velocious.errors.encryption import UnusableKeyError
from velocious.realtime.encryption.crypto import Curve
from velocious.realtime.encryption.hkdf import hkdf
from velocious.realtime.encryption.native_frames import Direction, NativeOpener, NativeSealer
from velocious.realtime.encryption.text import bytes_of, from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Container

    from velocious.realtime.encryption.crypto import Aead, Crypto, KeyPair

SALT = 32
_INFO = b"velocious realtime v1 aes-256-gcm"


@dataclass(frozen=True, slots=True)
class NativeSession:
    """One end of an encrypted connection."""

    sealer: NativeSealer
    opener: NativeOpener


@dataclass(frozen=True, slots=True)
class NativeAnswer:
    """What the frame ``ready`` has to tell the client: both in base64."""

    server_public_key: str
    salt: str

    def to_data(self) -> dict[str, str]:
        """The same, by the names that the frame has for them."""
        return {"serverPublicKey": self.server_public_key, "salt": self.salt}


async def accept(
    crypto: Crypto,
    client_key: object,
    connection: str,
    *,
    curves: Container[Curve] = frozenset(Curve),
) -> tuple[NativeAnswer, NativeSession]:
    """Answer a client that sent its ``publicKey`` with ``auth``; *connection* is the id that
    ``hello`` told it.

    Raises:
        UnusableKeyError: *client_key* is no public key of one of *curves*: close with 4004.
    """
    peer = from_text(client_key)
    curve = None if peer is None else Curve.of(peer)
    if peer is None or curve is None or curve not in curves:
        allowed = " or ".join(f"{one} ({one.public_size} bytes)" for one in Curve if one in curves)
        raise UnusableKeyError("public key", f"base64 of {allowed}")
    pair = await crypto.key_pair(curve)
    salt = os.urandom(SALT)
    agreed = _Agreed(await pair.agree(peer), salt, connection, (peer, pair.public))
    session = await agreed.session(crypto, mine=Direction.TO_CLIENT)
    return NativeAnswer(to_text(pair.public), to_text(salt)), session


class NativeOffer:
    """The client's side: a pair of keys that waits for the server's answer."""

    __slots__ = ("_crypto", "_pair")

    def __init__(self, crypto: Crypto, pair: KeyPair) -> None:
        self._crypto = crypto
        self._pair = pair

    @classmethod
    async def make(cls, crypto: Crypto, curve: Curve = Curve.P256) -> NativeOffer:
        """A new pair of keys, for one connection."""
        return cls(crypto, await crypto.key_pair(curve))

    @property
    def public_key(self) -> str:
        """What to send as ``publicKey``."""
        return to_text(self._pair.public)

    async def accepted(self, server_key: object, salt: object, connection: str) -> NativeSession:
        """The session, from what ``ready`` told; *connection* is the id in it.

        Raises:
            UnusableKeyError: the server's answer is none.
        """
        peer = bytes_of(server_key, self._pair.curve.public_size, "public key")
        shared = bytes_of(salt, SALT, "salt")
        secret = await self._pair.agree(peer)
        agreed = _Agreed(secret, shared, connection, (self._pair.public, peer))
        return await agreed.session(self._crypto, mine=Direction.TO_SERVER)


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What both ends know; *publics* are the client's key and the server's."""

    secret: bytes
    salt: bytes
    connection: str
    publics: tuple[bytes, bytes]

    async def session(self, crypto: Crypto, mine: Direction) -> NativeSession:
        return NativeSession(
            NativeSealer(await self._aead(crypto, mine), mine, self.connection),
            NativeOpener(await self._aead(crypto, mine.other), mine.other, self.connection),
        )

    async def _aead(self, crypto: Crypto, direction: Direction) -> Aead:
        # Digests, so that no two parts can read like others of other lengths.
        parts = (self.connection.encode(), *self.publics)
        bound = b"".join(sha256(part).digest() for part in parts)
        info = b"\0".join((_INFO, direction.value, bound))
        return await crypto.aead(hkdf(self.secret, salt=self.salt, info=info))
