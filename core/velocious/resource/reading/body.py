"""The body of a request: JSON with marks, no deeper than the endpoint takes, no name twice."""

from __future__ import annotations

import json
from typing import Any

from velocious.errors import MalformedCommandError, ResourceLimitError, WireError
from velocious.wire import decode
from velocious.wire.depth import depth


def read_values(body: bytes, deepest: int) -> Any:
    """The value that *body* holds.

    Raises:
        MalformedCommandError: it is no JSON.
        ResourceLimitError: it is nested deeper than *deepest*.
    """
    if body.count(b"[") + body.count(b"{") > deepest and depth(body) > deepest:
        raise ResourceLimitError(
            "depth", deepest, f"The request is nested more than {deepest} levels deep."
        )
    try:
        text = body.decode("utf-8")
        value = decode(text, strict=True)
        if "\\u" in text:
            # Half a surrogate pair is no character, and NUL none that a database holds.
            plain = json.dumps(value, ensure_ascii=False, default=str)
            plain.encode("utf-8")
            if "\\u0000" in plain:
                raise WireError("a text holds a NUL character")
    except (UnicodeError, WireError) as error:
        raise MalformedCommandError(f"The request cannot be read: {error}") from error
    return value
