"""What a browser compares a file with before it keeps it: the ``integrity`` of ``fetch``.

Law: it is of the bytes as they are before a coding squeezes them.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode


def integrity_of(content: bytes) -> str:
    """The integrity of *content* (``"sha256-…"``)."""
    return _written(hashlib.sha256(content).digest())


def integrity_of_digest(sha256: str) -> str:
    """The same, from a digest in hexadecimal digits."""
    return _written(bytes.fromhex(sha256))


def _written(digest: bytes) -> str:
    return f"sha256-{b64encode(digest).decode()}"
