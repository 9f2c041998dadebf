"""scrypt digests, from the standard library: where argon2-cffi is not installed."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from dataclasses import dataclass

from velocious.errors import PlatformError, UnreadableDigestError

KIND = "scrypt"

_FORM = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)", re.ASCII
)
_SALT = 16
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Costs:
    """``2 ** ln`` blocks of ``128 * r`` bytes, *p* times."""

    ln: int
    r: int
    p: int


class Scrypt:
    """Makes and checks ``$scrypt$ln=15,r=8,p=3$<salt>$<hash>``, as passlib writes them.

    Arguments:
        memory: KiB for one digest.
        iterations: how often it is filled.
    """

    kind = KIND

    def __init__(self, memory: int, iterations: int) -> None:
        # A block of r=8 is one KiB. Half the memory of argon2 for as many passes: OWASP's pairs.
        ln = max(memory // 2, 2).bit_length() - 1
        self.costs = Costs(ln, 8, iterations)

    def hash(self, password: bytes) -> str:
        """A digest with a new salt."""
        salt = os.urandom(_SALT)
        made = _derive(password, salt, self.costs, _LENGTH)
        costs = self.costs
        return f"$scrypt$ln={costs.ln},r={costs.r},p={costs.p}${_text(salt)}${_text(made)}"

    def verify(self, digest: str, password: bytes) -> bool:
        """Whether *digest* is of *password*. Raises UnreadableDigestError."""
        costs, salt, wanted = _read(digest)
        return hmac.compare_digest(_derive(password, salt, costs, len(wanted)), wanted)

    def is_outdated(self, digest: str) -> bool:
        """Whether *digest* has other costs."""
        return _read(digest)[0] != self.costs


def _derive(password: bytes, salt: bytes, costs: Costs, length: int) -> bytes:
    try:
        from hashlib import scrypt
    except ImportError:
        raise PlatformError(
            "This Python was built without scrypt, and argon2-cffi is not installed. Install it: "
            "`pip install 'velocious[password]'`."
        ) from None
    n, r, p = 2**costs.ln, costs.r, costs.p
    # What OpenSSL asks for, and some more: its own limit is too small for good costs.
    room = 128 * r * (n + p + 2) + 1_048_576
    return scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=room, dklen=length)


def _read(digest: str) -> tuple[Costs, bytes, bytes]:
    found = _FORM.fullmatch(digest)
    if found is None:
        raise UnreadableDigestError(KIND, "It is damaged. Let its owner choose a new password.")
    ln, r, p = (int(text) for text in found.groups()[:3])
    try:
        return Costs(ln, r, p), _bytes(found[4]), _bytes(found[5])
    except binascii.Error as error:
        raise UnreadableDigestError(
            KIND, "It is damaged. Let its owner choose a new password."
        ) from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
