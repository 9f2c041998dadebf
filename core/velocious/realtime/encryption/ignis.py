"""Encryption as clients of ignis know it: what the server sends is sealed, what it hears is not.

Law: byte for byte theirs. There is no counter, so a client cannot tell a frame that was sent twice;
the native dialect's encryption can.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors.encryption import EncryptionError, FrameRefusedError
from velocious.realtime.encryption.crypto import NONCE, Curve
from velocious.realtime.encryption.hkdf import hkdf
from velocious.realtime.encryption.text import bytes_of, from_text, from_utf8, to_text, utf8

if TYPE_CHECKING:
    from velocious.realtime.encryption.crypto import Aead, Crypto, KeyPair
    from velocious.realtime.encryption.sealing import Frame

#: What keys are derived for, unless both ends agree on something else.
INFO = "ignis-ecdh-p256-aes-256-gcm-v1"
SALT = 32
_MARK = '{"event":"encrypted"'
_LETTERS = "([A-Za-z0-9+/=]*)"
# Compared, not read as JSON: what comes here was written by nobody who is known yet.
_ENCRYPTED = re.compile(rf'{re.escape(_MARK)},"data":\{{"iv":"{_LETTERS}","ct":"{_LETTERS}"\}}\}}')


@dataclass(frozen=True, slots=True)
class IgnisAnswer:
    """What the frame ``connected`` has to tell the client: both in base64."""

    server_public_key: str
    salt: str

    def to_data(self) -> dict[str, str]:
        """The same, by the names that the frame has for them."""
        return {"serverPublicKey": self.server_public_key, "salt": self.salt}


async def accept(
    crypto: Crypto, client_key: object, *, info: str = INFO, context: str = ""
) -> tuple[IgnisAnswer, IgnisSealer]:
    """Answer a client that sent its ``publicKey`` with ``authenticate``. The pair of keys is new
    for each connection.

    Raises:
        UnusableKeyError: *client_key* is not a point of P-256 in base64: close with 4004.
    """
    peer = bytes_of(client_key, Curve.P256.public_size, "public key")
    pair = await crypto.key_pair(Curve.P256)
    salt = os.urandom(SALT)
    aead = await _cipher(crypto, pair, peer, salt, info)
    return IgnisAnswer(to_text(pair.public), to_text(salt)), IgnisSealer(aead, context)


class IgnisOffer:
    """The client's side: a pair of keys that waits for the server's answer."""

    __slots__ = ("_crypto", "_pair")

    def __init__(self, crypto: Crypto, pair: KeyPair) -> None:
        self._crypto = crypto
        self._pair = pair

    @classmethod
    async def make(cls, crypto: Crypto) -> IgnisOffer:
        return cls(crypto, await crypto.key_pair(Curve.P256))

    @property
    def public_key(self) -> str:
        """What to send as ``publicKey``."""
        return to_text(self._pair.public)

    async def accepted(
        self, server_key: object, salt: object, *, info: str = INFO, context: str = ""
    ) -> IgnisOpener:
        """What opens the server's frames. Raises UnusableKeyError."""
        peer = bytes_of(server_key, Curve.P256.public_size, "public key")
        shared = bytes_of(salt, SALT, "salt")
        aead = await _cipher(self._crypto, self._pair, peer, shared, info)
        return IgnisOpener(aead, context)


class IgnisSealer:
    """Puts ``{"event": "encrypted", …}`` around each frame; *context* is bound in."""

    __slots__ = ("_aead", "_context")

    def __init__(self, aead: Aead, context: str = "") -> None:
        self._aead = aead
        self._context = context.encode()

    async def seal(self, frame: Frame) -> str:
        if not isinstance(frame, str):
            raise EncryptionError(
                "The dialect ignis has no encrypted binary frames. Send the bytes as text of a "
                "frame."
            )
        iv = os.urandom(NONCE)
        sealed = await self._aead.seal(iv, utf8(frame), self._context)
        data = f'{{"iv":"{to_text(iv)}","ct":"{to_text(sealed)}"}}'
        return f'{{"event":"encrypted","data":{data}}}'


class IgnisOpener:
    """Reads such frames."""

    __slots__ = ("_aead", "_context")

    def __init__(self, aead: Aead, context: str = "") -> None:
        self._aead = aead
        self._context = context.encode()

    async def open(self, wire: Frame) -> str:
        iv, sealed = _parts(wire)
        opened = await self._aead.open(iv, sealed, self._context)
        if opened is None:
            raise FrameRefusedError("not_authentic")
        return from_utf8(opened)


def _parts(wire: Frame) -> tuple[bytes, bytes]:
    text = wire if isinstance(wire, str) else ""
    found = _ENCRYPTED.fullmatch(text)
    if found is None:
        raise FrameRefusedError("malformed" if text.startswith(_MARK) else "unencrypted")
    iv, sealed = from_text(found[1]), from_text(found[2])
    if iv is None or sealed is None or len(iv) != NONCE:
        raise FrameRefusedError("malformed")
    return iv, sealed


async def _cipher(crypto: Crypto, pair: KeyPair, peer: bytes, salt: bytes, info: str) -> Aead:
    return await crypto.aead(hkdf(await pair.agree(peer), salt=salt, info=info.encode()))
