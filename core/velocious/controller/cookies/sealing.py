"""Turns values into text that is worthless once somebody changed it, and back.

Law: the cookie's name is bound in, so that a value moved to another cookie does not open. Nothing
of a text is looked at before it was authenticated.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from velocious.cipher import Cipher
    from velocious.secret import Secret

MAC = 32


class Sealing(Protocol):
    """A way to seal the value of the cookie called *name*."""

    def seal(self, name: str, data: bytes) -> str: ...

    def open(self, name: str, text: str) -> bytes | None:
        """What was sealed; None where the text is not what :meth:`seal` made for this name."""
        ...


class Signing:
    """Everybody may read it, nobody may change it."""

    def __init__(self, secret: Secret) -> None:
        self._keys = secret.keys("signed cookies")

    def seal(self, name: str, data: bytes) -> str:
        return to_text(_mac(self._keys[0], name, data) + data)

    def open(self, name: str, text: str) -> bytes | None:
        sealed = from_text(text)
        if sealed is None:
            return None
        mac, data = sealed[:MAC], sealed[MAC:]
        # All keys are tried: which one it was does not show in the time.
        matches = [hmac.compare_digest(mac, _mac(key, name, data)) for key in self._keys]
        return data if any(matches) else None


class Encrypting:
    """Nobody may read it or change it."""

    def __init__(self, secret: Secret, cipher: Cipher) -> None:
        self._keys = secret.keys("encrypted cookies")
        self._cipher = cipher

    def seal(self, name: str, data: bytes) -> str:
        return to_text(self._cipher.encrypt(self._keys[0], data, name.encode()))

    def open(self, name: str, text: str) -> bytes | None:
        sealed = from_text(text)
        if sealed is None:
            return None
        opened = (self._cipher.decrypt(key, sealed, name.encode()) for key in self._keys)
        return next((data for data in opened if data is not None), None)


def to_text(data: bytes) -> str:
    """*data* in letters that a cookie may hold."""
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_text(text: str) -> bytes | None:
    """What :func:`to_text` made *text* of; None where it did not."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        return None
    # Other texts lead to the same bytes; only one of them was made here.
    return data if to_text(data) == text else None


def _mac(key: bytes, name: str, data: bytes) -> bytes:
    # A name holds no NUL, so that no name and data read like another pair.
    return hmac.digest(key, name.encode() + b"\0" + data, "sha256")
