"""What all dialects of JSON share: reading a frame without being hurt by it, and writing one."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from velocious.errors import BadFrameError
from velocious.realtime.publication import to_json
from velocious.wire.depth import depth

#: Levels of lists and objects in each other that a frame may have.
DEEPEST = 32


def read_object(frame: str | bytes) -> dict[str, Any]:
    """The object that *frame* holds.

    Raises:
        BadFrameError: it is binary, no JSON, no object or too deep.
    """
    if not isinstance(frame, str):
        raise BadFrameError("This connection takes text frames.")
    value = read_json(frame)
    if not isinstance(value, dict):
        raise BadFrameError("A frame is a JSON object.")
    return cast("dict[str, Any]", value)


def read_json(text: str) -> Any:
    """The value that *text* holds. Raises BadFrameError."""
    # Each level takes one of these, so nearly every frame is not looked at more closely.
    if text.count("{") + text.count("[") > DEEPEST and depth(text.encode()) > DEEPEST:
        raise BadFrameError(f"A frame has at most {DEEPEST} levels.")
    try:
        value = _decode(text)
    except (ValueError, RecursionError) as error:
        raise BadFrameError("A frame is JSON text.") from error
    if _SURROGATE.search(text) is not None and not _is_text(value):
        raise BadFrameError("A frame has whole characters only.")
    return value


#: An escape of half a character: two of them make one, one alone could be sent to nobody.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def _is_text(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


# One decoder for all: with an option, json.loads makes a new one for each call.
_decode = json.JSONDecoder(parse_constant=_refuse).decode


def typed_frame(kind: str, **fields: Any) -> str:
    """A frame of type *kind*; fields that are None are left out."""
    return to_json(
        {"type": kind, **{name: value for name, value in fields.items() if value is not None}}
    )


def text_of(message: dict[str, Any], key: str, *, required: bool = True) -> str | None:
    """The text at *key*. Raises BadFrameError where it is something else."""
    value = message.get(key)
    if isinstance(value, str) or (value is None and not required):
        return value
    raise BadFrameError(f"`{key}` is text.")


def id_of(message: dict[str, Any]) -> str | int | None:
    """What the client calls its request. Raises BadFrameError."""
    value = message.get("id")
    if value is None or (isinstance(value, str) and len(value) <= 200):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return value
    raise BadFrameError("`id` is a text of 200 characters at most, or a whole number.")
