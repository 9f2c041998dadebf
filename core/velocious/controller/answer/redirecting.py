"""Keeps redirects at home: an address that came from a request may lead anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from velocious.controller.answer.status import status_code
from velocious.errors import RedirectError, RenderError

if TYPE_CHECKING:
    from starlette.requests import Request

#: A path of ours; browsers read "//" and "/\" as the beginning of another host.
_OWN = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
_ANY = re.compile(r"(?:https?://|/)[^\x00-\x20\x7f\\]+|/", re.IGNORECASE)
_KEPT = "%!#$&'()*+,/:;=?@[]~"


def own_address(address: str) -> str:
    """*address*, where it is a path of this application.

    Raises:
        RedirectError: it may lead to another host.
    """
    if isinstance(address, str) and _OWN.fullmatch(address):  # pyright: ignore[reportUnnecessaryIsInstance]
        return _ascii(address)
    raise RedirectError(
        address,
        "would leave this application. Redirect to a path like '/tasks/1', or say redirect_to(…, "
        "allow_other_host=True) where the address is yours and not the client's.",
    )


def any_address(address: str) -> str:
    """*address*, which may be on another host.

    Raises:
        RedirectError: no browser could go there, or a script would run in place of going.
    """
    if isinstance(address, str) and _ANY.fullmatch(address):  # pyright: ignore[reportUnnecessaryIsInstance]
        return _ascii(address)
    raise RedirectError(
        address,
        "leads nowhere. Give an address that begins with https://, http:// or /, without spaces "
        "and line breaks.",
    )


def own_referer(request: Request) -> str | None:
    """Path and query of the page that a browser came from, where it is of this application."""
    referer = request.headers.get("referer", "")
    try:
        page = urlsplit(referer)
    except ValueError:
        return None
    if page.scheme != request.scope.get("scheme", "http") or page.netloc != request.url.netloc:
        return None
    back = f"{page.path or '/'}?{page.query}" if page.query else page.path or "/"
    return back if _OWN.fullmatch(back) else None


def redirect_status(status: int | str) -> int:
    """The number of *status*. Raises RenderError where browsers would not follow it."""
    number = status_code(status)
    if number in (301, 302, 303, 307, 308):
        return number
    raise RenderError(
        f"A redirect cannot have the status {status!r}. Use 302 or 303 (by default), 301 or 308 "
        "for good, 307 to repeat the request."
    )


def _ascii(address: str) -> str:
    """*address* with what only people write percent-encoded, and nothing encoded twice."""
    return address if address.isascii() else quote(address, safe=_KEPT)
