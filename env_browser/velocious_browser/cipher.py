"""The cipher of the in-browser application: authenticated, and on purpose not hidden.

Law: what it seals never leaves the worker's own jar of cookies. The only code that could read it
there is this origin's own, which holds the key as well, so there is nobody to hide it from. (The
browser's AES answers later, never at once, and reading a session does not wait.) A server never
uses this cipher, and cannot open what it sealed.
"""

from __future__ import annotations

import hmac

MAC = 32


class JarCipher:
    """HMAC-SHA256 before the data; a change, another key or another context does not open."""

    def encrypt(self, key: bytes, data: bytes, context: bytes) -> bytes:
        return _mac(key, data, context) + data

    def decrypt(self, key: bytes, sealed: bytes, context: bytes) -> bytes | None:
        mac, data = sealed[:MAC], sealed[MAC:]
        return data if hmac.compare_digest(mac, _mac(key, data, context)) else None


def _mac(key: bytes, data: bytes, context: bytes) -> bytes:
    # The length says where the context ends: no context and data read like another pair.
    return hmac.digest(key, b"jar\0%d\0" % len(context) + context + data, "sha256")
