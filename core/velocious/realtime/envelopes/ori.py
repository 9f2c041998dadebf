"""The form of OriJS: ``{"topic","message","isBinary"}`` at ``{prefix}:{topic}``.

The message is text: JSON of ``{"name","data","timestamp"}`` where an emitter wrote it. It does not
say which process it is from.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any, cast

from velocious.errors import EnvelopeError
from velocious.realtime.envelopes.base import Wire, read_object, text_of
from velocious.realtime.publication import Audience, Publication, to_json

_BROADCAST = "__broadcast__"
_SOCKET = "__socket__:"


class OriCodec:
    """Speaks with processes of OriJS.

    Arguments:
        prefix: as their provider has it.
    """

    name = "ori"
    patterns: tuple[str, ...] = ()
    names_origin = False

    def __init__(self, prefix: str = "ws") -> None:
        self.prefix = prefix
        self.channels: tuple[str, ...] = (f"{prefix}:{_BROADCAST}",)

    def place(self, channel: str) -> str | None:
        return f"{self.prefix}:{channel}"

    def write(self, publication: Publication, origin: str) -> Wire | None:
        topic = _topic(publication)
        if topic is None or publication.inner:
            return None
        if publication.json is None:
            message = b64encode(publication.binary or b"").decode()
        else:
            message = (
                f'{{"name":{to_json(publication.event)},"data":{publication.json},'
                f'"timestamp":{publication.epoch_ms}}}'
            )
        words = {"topic": topic, "message": message, "isBinary": publication.json is None}
        return Wire(f"{self.prefix}:{topic}", to_json(words))

    def read(self, place: str, text: str, *, id: str, epoch_ms: int) -> Publication:
        words = read_object(text)
        topic, message = text_of(words, "topic"), text_of(words, "message")
        is_binary = words.get("isBinary")
        if not isinstance(is_binary, bool):
            raise EnvelopeError("'isBinary' is neither true nor false")
        audience, name = _audience(topic)
        if is_binary:
            try:
                binary = b64decode(message, validate=True)
            except ValueError:
                raise EnvelopeError("its message is no base64") from None
            return Publication(
                audience, name, "message", None, epoch_ms=epoch_ms, id=id, binary=binary
            )
        event, data = _said(message)
        return Publication(audience, name, event, to_json(data), epoch_ms=epoch_ms, id=id)


def _topic(publication: Publication) -> str | None:
    match publication.audience:
        case Audience.CHANNEL:
            return publication.name
        case Audience.CLIENT:
            return _SOCKET + publication.name
        case Audience.ALL:
            return _BROADCAST
        case Audience.USER:
            # It knows sockets, not who they belong to.
            return None


def _audience(topic: str) -> tuple[Audience, str]:
    if topic == _BROADCAST:
        return Audience.ALL, ""
    if topic.startswith(_SOCKET):
        return Audience.CLIENT, topic[len(_SOCKET) :]
    return Audience.CHANNEL, topic


def _said(message: str) -> tuple[str, Any]:
    try:
        found: Any = json.loads(message)
    except (ValueError, RecursionError):
        return "message", message
    if isinstance(found, dict):
        words = cast("dict[str, Any]", found)
        if isinstance(words.get("name"), str):
            return words["name"], words.get("data")
    return "message", cast("Any", found)
