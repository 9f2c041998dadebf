"""Whether a client's copy is still the same (RFC 9110, section 13).

Law: who compares tags to save a transfer compares weakly; who combines parts or overwrites
something compares strongly.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.datastructures import Headers

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def http_date(moment: datetime) -> str:
    """*moment* as headers write it; one without a zone is in UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return format_datetime(aware.astimezone(UTC), usegmt=True)


def is_fresh(headers: Headers, tag: str | None, modified: datetime | None) -> bool:
    """Whether the client has what would be sent: 304 is all it needs."""
    known = headers.get("if-none-match")
    if known is not None:
        # It decides alone, whatever the dates say.
        return tag is not None and _knows(known, tag)
    since = _date(headers.get("if-modified-since", ""))
    return since is not None and modified is not None and _seconds(modified) <= since


def is_expected(headers: Headers, tag: str | None, modified: datetime | None) -> bool:
    """Whether a change may go on: what the client knew is what there is."""
    known = headers.get("if-match")
    if known is not None:
        if known.strip() == "*":
            return tag is not None
        return tag is not None and not tag.startswith("W/") and tag in _TAG.findall(known)
    since = _date(headers.get("if-unmodified-since", ""))
    return since is None or modified is None or _seconds(modified) <= since


def is_same_part(header: str | None, tag: str | None, modified: datetime | None) -> bool:
    """Whether ``If-Range`` says that the rest of a file fits to what the client has."""
    if header is None:
        return True
    if _TAG.fullmatch(header.strip()):
        return tag is not None and not tag.startswith("W/") and header.strip() == tag
    since = _date(header)
    return since is not None and modified is not None and _seconds(modified) == since


def _knows(known: str, tag: str) -> bool:
    if known.strip() == "*":
        return True
    return tag.removeprefix("W/") in {one.removeprefix("W/") for one in _TAG.findall(known)}


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _seconds(moment: datetime) -> datetime:
    """Headers know no smaller unit."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.replace(microsecond=0)
