"""The port for sealing values that leave the application and come back: sessions, cookies.

Law: what comes back is what was sealed, for the same context and with one of the same keys, or
nothing. A server's cipher also hides it.
"""

from __future__ import annotations

from typing import Protocol


class Cipher(Protocol):
    """Seals bytes with keys of 32 bytes."""

    def encrypt(self, key: bytes, data: bytes, context: bytes) -> bytes:
        """*data*, sealed; it opens only together with the same *context*."""
        ...

    def decrypt(self, key: bytes, sealed: bytes, context: bytes) -> bytes | None:
        """What was sealed; None where *sealed* is not from :meth:`encrypt` with the same *key*
        and *context*, unchanged.
        """
        ...
