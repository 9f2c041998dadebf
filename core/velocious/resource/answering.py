"""What a client gets, as text: that of each command by itself."""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from velocious.wire import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.resource.asking import Asking


class Written:
    """A value that is JSON already."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def response_text(response: Mapping[str, Any], asking: Asking) -> str:
    """*response* as text. Raises WireError where a value in it has no form."""
    if not any(type(value) is Written for value in response.values()):
        return _encoded(response, asking)
    # Only commands of ours give these, and none of their members is called like a mark.
    parts = [
        f"{encode_basestring(name)}:{_text(value, asking)}" for name, value in response.items()
    ]
    return f"{{{','.join(parts)}}}"


def _text(value: Any, asking: Asking) -> str:
    if type(value) is Written:
        return value.text
    return encode_basestring(value) if type(value) is str else _encoded(value, asking)


def _encoded(value: Any, asking: Asking) -> str:
    return encode(value, exact=asking.speaks_python, plain=asking.is_plain)
