"""What all dialects of JSON share: reading a frame without being hurt by it, and writing one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import BadFrameError
from velocious.realtime.publication import to_json
from velocious.wire.depth import depth

if TYPE_CHECKING:
    from collections.abc import Callable

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
        value, end = _scan(text, 0)
        if end != len(text):
            # Spaces around it, or something that is none.
            value = _decode(text)
    except StopIteration:
        value = _decoded(text)
    except (ValueError, RecursionError) as error:
        raise BadFrameError("A frame is JSON text.") from error
    if "\\u" in text and _SURROGATE.search(text) is not None and not _is_text(value):
        raise BadFrameError("A frame has whole characters only.")
    return value


def _decoded(text: str) -> Any:
    try:
        return _decode(text)
    except (ValueError, RecursionError) as error:
        raise BadFrameError("A frame is JSON text.") from error


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
_DECODER = json.JSONDecoder(parse_constant=_refuse)
_decode = _DECODER.decode
#: What the decoder does between two looks for spaces: the value that begins there, and its end.
_scan: Callable[[str, int], tuple[Any, int]] = cast("Any", _DECODER).scan_once


def typed_frame(kind: str, **fields: Any) -> str:
    """A frame of type *kind*; fields that are None are left out."""
    return to_json(
        {"type": kind, **{name: value for name, value in fields.items() if value is not None}}
    )


#: What JavaScript's numbers hold exactly.
_MOST = 2**53


def text_of(message: dict[str, Any], key: str, *, required: bool = True) -> str | None:
    """The text at *key*. Raises BadFrameError where it is something else."""
    value = message.get(key)
    if isinstance(value, str) or (value is None and not required):
        return value
    raise BadFrameError(f"`{key}` is text.")


def id_of(message: dict[str, Any]) -> str | int | None:
    """What the client calls its request. Raises BadFrameError."""
    value = message.get("id")
    if type(value) is int and -_MOST < value < _MOST:
        return value
    if value is None or (isinstance(value, str) and len(value) <= 200):
        return value
    raise BadFrameError("`id` is a text of 200 characters at most, or a whole number.")
