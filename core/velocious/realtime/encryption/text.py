"""Bytes as text in frames: base64 with padding, and only the one spelling of them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from velocious.errors.encryption import FrameRefusedError, UnusableKeyError


def to_text(data: bytes) -> str:
    """*data* in base64."""
    return b64encode(data).decode("ascii")


def from_text(text: object) -> bytes | None:
    """What :func:`to_text` made *text* of; None where it did not."""
    if not isinstance(text, str):
        return None
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    # The last letter has bits that decoding ignores: other texts lead to the same bytes.
    return data if to_text(data) == text else None


def utf8(text: str) -> bytes:
    """*text* in UTF-8. Half of a surrogate pair, which JSON can hold and UTF-8 cannot, becomes
    U+FFFD, as in every WebSocket of a browser: no frame of one client must end others' connections.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def from_utf8(data: bytes) -> str:
    """The text in *data*. Raises FrameRefusedError where it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise FrameRefusedError("malformed") from error


def bytes_of(text: object, size: int, what: str) -> bytes:
    """The *size* bytes that the other end has sent as *text*.

    Raises:
        UnusableKeyError: they are not; it names *what*.
    """
    data = from_text(text)
    if data is None or len(data) != size:
        raise UnusableKeyError(what, f"{size} bytes in base64")
    return data
