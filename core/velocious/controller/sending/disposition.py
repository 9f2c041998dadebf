"""``Content-Disposition``: what a browser does with a file, and what it calls it (RFC 6266,
8187).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from velocious.errors import RenderError
from velocious.record.attachments.names import safe_name

KINDS = ("attachment", "inline")

#: What RFC 8187 lets stand unquoted, beside letters and digits.
_UNQUOTED = "!#$&+^`|"
#: Not in a quoted name: control characters, what would end it, and a sign that browsers decode.
_DOUBTFUL = re.compile(r'[^\x20-\x7e]|["\\%]')


def content_disposition(kind: str, filename: str | None) -> str:
    """The header's value. Nothing in *filename* can leave its place.

    Raises:
        RenderError: *kind* is neither attachment nor inline.
    """
    if kind not in KINDS:
        raise RenderError(f"disposition={kind!r} is neither 'attachment' nor 'inline'.")
    if not filename:
        return kind
    name = safe_name(filename)
    plain = _DOUBTFUL.sub("_", name)
    if plain == name:
        return f'{kind}; filename="{name}"'
    encoded = quote(name, safe=_UNQUOTED, errors="replace")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
