"""What the head of a request must be like to be answered at all.

Law: two programs on the way must never disagree on where a request ends. What leaves room for that
is refused and its connection closed, however well it could be guessed what was meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    type Headers = Sequence[tuple[bytes, bytes]]

_DIGITS = re.compile(rb"[0-9]{1,18}")
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_FOLDED = re.compile(rb"\n[ \t]")
_CONTENT_LENGTH = re.compile(rb"\ncontent-length[ \t]*:([^\r\n]*)", re.IGNORECASE)


class RefusedRequest(Exception):
    """A request that is answered with *status*, after which its connection is closed."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"{status} {reason}")


def check_head(target: bytes, version: str, headers: Headers) -> None:
    """Raise :class:`RefusedRequest` unless a request for *target* is beyond doubt.

    Arguments:
        version: ``"1.0"`` or ``"1.1"``.
        headers: names in lower case.
    """
    if version != "1.1" and version != "1.0":
        raise RefusedRequest(505, "This server speaks HTTP/1.1.")
    if not target.startswith(b"/") and target != b"*":
        raise RefusedRequest(400, "The target must be a path: this server is no proxy.")
    names = [name for name, _ in headers]
    hosts = names.count(b"host")
    if hosts != 1 and (hosts or version == "1.1"):
        raise RefusedRequest(400, f"There must be one Host header, not {hosts}.")
    if b"transfer-encoding" in names:
        _check_transfer_encoding(version, names, headers)
    elif b"content-length" in names:
        _check_content_length(headers)


def check_raw_head(head: bytes) -> None:
    """Raise :class:`RefusedRequest` where the bytes of a head leave room for two readings.

    For parsers that are generous with them.
    """
    if _BARE_LINE_FEED.search(head):
        raise RefusedRequest(400, "Lines must end with CR LF.")
    if _FOLDED.search(head):
        raise RefusedRequest(400, "A header must be one line.")
    lengths = _CONTENT_LENGTH.findall(head)
    if len(lengths) > 1 or any(b"," in length for length in lengths):
        raise RefusedRequest(400, "Content-Length must be one number.")


def too_long(limit: int) -> RefusedRequest:
    """The refusal of a head of more than *limit* bytes."""
    return RefusedRequest(431, f"The request's line and headers have more than {limit} bytes.")


def _check_transfer_encoding(version: str, names: list[bytes], headers: Headers) -> None:
    if version == "1.0" or b"content-length" in names:
        raise RefusedRequest(400, "Transfer-Encoding does not go with the rest of the request.")
    values = [value for name, value in headers if name == b"transfer-encoding"]
    if [value.strip().lower() for value in values] != [b"chunked"]:
        raise RefusedRequest(400, "The only Transfer-Encoding known here is chunked.")


def _check_content_length(headers: Headers) -> None:
    values = [value for name, value in headers if name == b"content-length"]
    if len(values) != 1 or not _DIGITS.fullmatch(values[0]):
        raise RefusedRequest(400, "Content-Length must be one number.")
