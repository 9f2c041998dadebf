"""A password as it was typed, on its way to a digest.

Law: the text is compared and hashed as NFC, so that an accent typed on another keyboard is the
same; its value never reaches a message.
"""

from __future__ import annotations

from typing import Any

#: Stands in the digest's column from assigning a password until its digest is made. No digest looks
#: like this, so nobody could sign in with it.
PENDING = "!pending"


def normalized(text: str) -> str:
    """*text* in Unicode's form NFC."""
    # Imported where it is needed: its tables are large.
    from unicodedata import normalize

    return normalize("NFC", text)


def encoded(text: Any, maximum: int) -> bytes | None:
    """The bytes that are hashed; None for what no password can be: no text, text of more than
    *maximum* bytes, or with half a surrogate pair or NUL.
    """
    # A composed character is shorter than what it was made of, but never by so much.
    if not isinstance(text, str) or len(text) > 4 * maximum:
        return None
    # scrypt takes passwords that differ in NULs at their ends for the same.
    if "\0" in text:
        return None
    try:
        data = normalized(text).encode()
    except UnicodeEncodeError:
        return None
    return data if len(data) <= maximum else None
