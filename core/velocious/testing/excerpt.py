"""What of an answer goes into the message of a failed test: enough to see why, and no more."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, cast

#: Letters at most, and lines of a traceback from its end.
LETTERS, LINES = 1200, 12

_UNSEEN = re.compile(r"<(style|script|head|svg|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_END = re.compile(r"</(?:p|h\d|li|div|tr|dt|dd|pre|form|label|option)>|<br\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_GAPS = re.compile(r"[ \t]*\n\s*")


def excerpt(content_type: str, body: bytes) -> str:
    """The part of *body* that explains it, as text; empty for what nobody can read."""
    if content_type == "text/html":
        text = _readable(body.decode("utf-8", "replace"))
    elif content_type == "application/json" or content_type.endswith("+json"):
        text = _json(body)
    elif content_type.startswith("text/"):
        text = body.decode("utf-8", "replace").strip()
    else:
        text = f"({len(body)} bytes of {content_type})" if body else ""
    return text if len(text) <= LETTERS else f"{text[:LETTERS]} …"


def _readable(page: str) -> str:
    return _GAPS.sub("\n", unescape(_TAG.sub("", _END.sub("\n", _UNSEEN.sub("", page))))).strip()


def _json(body: bytes) -> str:
    try:
        value = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    error: Any = cast("dict[str, Any]", value).get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict) or "message" not in error:
        return json.dumps(value, ensure_ascii=False)
    return _error(cast("dict[str, Any]", error))


def _error(error: dict[str, Any]) -> str:
    lines = [f"{error['message']}"]
    if errors := error.get("errors"):
        lines.append(json.dumps(errors, ensure_ascii=False))
    if traceback := error.get("traceback"):
        lines.append("\n".join(str(traceback).rstrip().splitlines()[-LINES:]))
    return "\n".join(lines)
