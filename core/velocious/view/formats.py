"""What a template makes, by the ending of its name.

Law: everything but plain text is escaped; an ending that is not listed is refused, so that nothing
is sent under a wrong type.
"""

from __future__ import annotations

#: Ending → Content-Type, in the order in which a template without an ending is looked for.
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
#: In these, ``&lt;`` would be five characters; nothing in them is markup.
PLAIN = frozenset({"txt", "csv", "md", "ics"})


def format_of(name: str) -> str | None:
    """The ending of a template's name, where it is one of ours."""
    ending = name.rpartition(".")[2]
    return ending if "." in name and ending in MEDIA_TYPES else None


def escapes(name: str | None) -> bool:
    """Whether values in the template *name* are escaped."""
    return name is None or format_of(name) not in PLAIN
