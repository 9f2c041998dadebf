"""Conditional requests: nothing is rendered that the client has, nothing overwritten that it has
not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.controller.caching.validators import http_date, is_expected, is_fresh
from velocious.controller.caching.versions import text_tag, version_of
from velocious.errors import PreconditionFailedError

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.controller.answering import Answering


async def fresh_when(
    controller: Answering,
    things: tuple[Any, ...],
    etag: Any,
    last_modified: datetime | None,
) -> bool:
    """Say which version the answer is of; whether the client has it, and was answered with 304."""
    tag, modified = await _version(things, etag, last_modified)
    headers = controller.headers
    if tag is not None:
        headers["etag"] = tag
    if modified is not None:
        headers["last-modified"] = http_date(modified)
    headers.setdefault("cache-control", "no-cache" if tag or modified else "no-store")
    request = controller.request
    if request.method not in ("GET", "HEAD") or not is_fresh(request.headers, tag, modified):
        return False
    controller.head(304)
    return True


async def check_expected(controller: Answering, things: tuple[Any, ...], etag: Any) -> None:
    """Raise PreconditionFailedError where the client expects another version than this."""
    tag, modified = await _version(things, etag, None)
    # A version that a program computes is as strong as it needs: what is compared is not bytes.
    strong = None if tag is None else tag.removeprefix("W/")
    known = controller.request.headers.mutablecopy()
    if "if-match" in known:
        known["if-match"] = known["if-match"].replace("W/", "")
    if not is_expected(known, strong, modified):
        raise PreconditionFailedError


async def _version(
    things: tuple[Any, ...], etag: Any, last_modified: datetime | None
) -> tuple[str | None, datetime | None]:
    tag = None if etag is None else text_tag(str(etag))
    if not things:
        return tag, last_modified
    found = await version_of(*things)
    tag = found.tag if tag is None else text_tag(tag + found.tag)
    return tag, last_modified or found.modified
