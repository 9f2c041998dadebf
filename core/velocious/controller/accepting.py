"""What a client likes to get, by its Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The types of the formats that actions speak of by name; the first one is sent.
TYPES = {
    "html": ("text/html", "application/xhtml+xml"),
    "json": ("application/json", "text/json"),
    "text": ("text/plain",),
    "txt": ("text/plain",),
    "xml": ("application/xml", "text/xml"),
    "csv": ("text/csv",),
    "js": ("text/javascript", "application/javascript"),
    "css": ("text/css",),
    "svg": ("image/svg+xml",),
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "atom": ("application/atom+xml",),
    "rss": ("application/rss+xml",),
    "ics": ("text/calendar",),
    "zip": ("application/zip",),
    "events": ("text/event-stream",),
}

#: A client that lists more is not read to the end.
_MOST = 50


def prefers_html(accept: str) -> bool:
    """Whether the client is a person's browser rather than a program.

    Programs say ``*/*`` or nothing; a browser that opens a page names HTML.
    """
    asked = _asked(accept)
    html = max(asked.get(kind, 0.0) for kind in TYPES["html"])
    return html > 0 and html >= asked.get("application/json", 0.0)


def prefers_text(accept: str) -> bool:
    """Whether the client named plain text, and likes it better than JSON."""
    asked = _asked(accept)
    return asked.get("text/plain", 0.0) > asked.get("application/json", 0.0)


def best_format(accept: str, offered: Sequence[str]) -> str | None:
    """The one of *offered* (names of formats, or types) that the client likes best, the earlier
    one of equals; None where it accepts none of them.
    """
    asked = _asked(accept) or {"*/*": 1.0}
    best, most = None, 0.0
    for name in offered:
        liked = _liked(TYPES.get(name, (name,)), asked)
        if liked > most:
            best, most = name, liked
    return best


def _liked(kinds: Sequence[str], asked: dict[str, float]) -> float:
    """How much a format is liked: what names it most closely decides. Its other types count where
    they are named themselves.
    """
    named = [asked[kind] for kind in kinds if kind in asked]
    if named:
        return named[0] if kinds[0] in asked else max(named)
    return asked.get(f"{kinds[0].partition('/')[0]}/*", asked.get("*/*", 0.0))


def _asked(accept: str) -> dict[str, float]:
    asked: dict[str, float] = {}
    for item in accept.lower().split(",", _MOST)[:_MOST]:
        kind, *parameters = (part.strip() for part in item.split(";"))
        if "/" in kind:
            asked[kind] = max(asked.get(kind, 0.0), _quality(parameters))
    return asked


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0
