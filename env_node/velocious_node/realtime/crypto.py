"""The cryptography of servers, by the library of that name (OpenSSL)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from velocious.errors.encryption import UnusableKeyError
from velocious.realtime.encryption.crypto import Curve

if TYPE_CHECKING:
    from velocious.realtime.encryption.crypto import Aead, KeyPair

#: The first byte of a point that is written with both coordinates.
_UNCOMPRESSED = 4


class NodeCrypto:
    """Answers at once: each operation takes some microseconds."""

    async def key_pair(self, curve: Curve) -> KeyPair:
        return P256KeyPair() if curve is Curve.P256 else X25519KeyPair()

    async def aead(self, key: bytes) -> Aead:
        return AesGcm(key)


class P256KeyPair:
    """A pair on P-256."""

    curve = Curve.P256

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.public = self._private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    async def agree(self, peer: bytes) -> bytes:
        # OpenSSL takes compressed points as well; browsers do not.
        if len(peer) != self.curve.public_size or peer[0] != _UNCOMPRESSED:
            raise _unusable(self.curve)
        try:
            public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), peer)
        except ValueError as error:
            raise _unusable(self.curve) from error
        return self._private.exchange(ec.ECDH(), public)


class X25519KeyPair:
    """A pair on X25519."""

    curve = Curve.X25519

    def __init__(self) -> None:
        self._private = x25519.X25519PrivateKey.generate()
        self.public = self._private.public_key().public_bytes_raw()

    async def agree(self, peer: bytes) -> bytes:
        try:
            # The exchange itself refuses the points that lead to zeros.
            return self._private.exchange(x25519.X25519PublicKey.from_public_bytes(peer))
        except ValueError as error:
            raise _unusable(self.curve) from error


class AesGcm:
    """AES-256-GCM with one key."""

    __slots__ = ("_aes",)

    def __init__(self, key: bytes) -> None:
        self._aes = AESGCM(key)

    async def seal(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        return self._aes.encrypt(nonce, data, context)

    async def open(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes | None:
        try:
            return self._aes.decrypt(nonce, sealed, context)
        except InvalidTag:
            return None


def _unusable(curve: Curve) -> UnusableKeyError:
    return UnusableKeyError("public key", f"a point of {curve}, {curve.public_size} bytes")
