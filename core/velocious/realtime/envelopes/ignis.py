"""The form of ignis: ``{"serverId","type","target"?,"event","data","exclude"?}``.

Law: every process hears of everything; the names of its channels are fixed.
"""

from __future__ import annotations

from velocious.errors import EnvelopeError
from velocious.realtime.envelopes.base import Wire, read_object, text_of, texts_of
from velocious.realtime.publication import Audience, Publication, to_json

_TYPES = {
    Audience.CHANNEL: "room",
    Audience.USER: "user",
    Audience.CLIENT: "client",
    Audience.ALL: "broadcast",
}
_AUDIENCES = {type: audience for audience, type in _TYPES.items()}


class IgnisCodec:
    """Speaks with processes of ignis."""

    name = "ignis"
    channels: tuple[str, ...] = ("ws:broadcast",)
    patterns: tuple[str, ...] = ("ws:room:*", "ws:client:*", "ws:user:*")
    names_origin = True

    def place(self, channel: str) -> str | None:
        return None

    def write(self, publication: Publication, origin: str) -> Wire | None:
        if publication.json is None or publication.inner:
            return None
        type, name = _TYPES[publication.audience], publication.name
        head = {"serverId": origin, "type": type}
        if publication.audience is not Audience.ALL:
            head["target"] = name
        head["event"] = publication.event
        text = f'{to_json(head)[:-1]},"data":{publication.json}'
        if publication.exclude:
            text += f',"exclude":{to_json(sorted(publication.exclude))}'
        place = "ws:broadcast" if publication.audience is Audience.ALL else f"ws:{type}:{name}"
        return Wire(place, text + "}")

    def read(self, place: str, text: str, *, id: str, epoch_ms: int) -> Publication:
        words = read_object(text)
        audience = _AUDIENCES.get(text_of(words, "type"))
        if audience is None:
            raise EnvelopeError(f"its type is {words['type']!r}")
        return Publication(
            audience,
            "" if audience is Audience.ALL else text_of(words, "target"),
            text_of(words, "event"),
            to_json(words.get("data")),
            epoch_ms=epoch_ms,
            id=id,
            exclude=texts_of(words, "exclude"),
            origin=text_of(words, "serverId"),
        )
