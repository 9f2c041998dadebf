"""HKDF with SHA-256 (RFC 5869): keys from a secret, a different one for every purpose."""

from __future__ import annotations

import hmac

_SIZE = 32


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int = _SIZE) -> bytes:
    """*length* bytes (8,160 at most) that tell nothing of *secret* or of those for another
    *info*.
    """
    if not 0 < length <= 255 * _SIZE:
        raise ValueError(f"HKDF makes 1 to {255 * _SIZE:,} bytes, not {length:,}.")
    # An empty salt stands for 32 zero bytes, which HMAC pads to the same key.
    prk = hmac.digest(salt or bytes(_SIZE), secret, "sha256")
    block, made = b"", b""
    for number in range(1, -(-length // _SIZE) + 1):
        block = hmac.digest(prk, block + info + bytes([number]), "sha256")
        made += block
    return made[:length]
