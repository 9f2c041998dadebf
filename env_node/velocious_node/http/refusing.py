"""Short answers that need no application, as bytes on a connection that is closed after them."""

from __future__ import annotations

from http import HTTPStatus


def refusal(status: int, reason: str) -> bytes:
    """A whole response."""
    body = f"{reason}\n".encode()
    retry = "Retry-After: 1\r\n" if status == HTTPStatus.SERVICE_UNAVAILABLE else ""
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"{retry}"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
