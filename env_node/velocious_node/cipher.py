"""The cipher of servers: AES-256-GCM."""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Bytes of a nonce, drawn anew for every value, and of the tag at the end.
NONCE, TAG = 12, 16

_aes = lru_cache(maxsize=16)(AESGCM)


class AesCipher:
    """AES-256-GCM: hidden and authenticated, the context as associated data."""

    def encrypt(self, key: bytes, data: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + _aes(key).encrypt(nonce, data, context)

    def decrypt(self, key: bytes, sealed: bytes, context: bytes) -> bytes | None:
        if len(sealed) < NONCE + TAG:
            return None
        try:
            return _aes(key).decrypt(sealed[:NONCE], sealed[NONCE:], context)
        except InvalidTag:
            return None
