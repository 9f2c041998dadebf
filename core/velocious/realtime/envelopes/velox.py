"""The form of VeloxTS: ``{"channel","event","data","except"?,"__origin"}``, all in one place.

It knows channels only: what is for a user or a connection does not reach its processes.
"""

from __future__ import annotations

from velocious.realtime.envelopes.base import Wire, read_object, text_of
from velocious.realtime.publication import Audience, Publication, to_json

_PLACE = "velox:broadcast"


class VeloxCodec:
    """Speaks with processes of VeloxTS."""

    name = "velox"
    channels: tuple[str, ...] = (_PLACE,)
    patterns: tuple[str, ...] = ()
    names_origin = True

    def place(self, channel: str) -> str | None:
        return None

    def write(self, publication: Publication, origin: str) -> Wire | None:
        is_theirs = publication.audience is Audience.CHANNEL and not publication.inner
        if not is_theirs or publication.json is None:
            return None
        head = to_json({"channel": publication.name, "event": publication.event})
        text = f'{head[:-1]},"data":{publication.json}'
        # They leave out one connection at most.
        for one in sorted(publication.exclude)[:1]:
            text += f',"except":{to_json(one)}'
        return Wire(_PLACE, f'{text},"__origin":{to_json(origin)}}}')

    def read(self, place: str, text: str, *, id: str, epoch_ms: int) -> Publication:
        words = read_object(text)
        without = words.get("except")
        return Publication(
            Audience.CHANNEL,
            text_of(words, "channel"),
            text_of(words, "event"),
            to_json(words.get("data")),
            epoch_ms=epoch_ms,
            id=id,
            exclude=() if without is None else frozenset((text_of(words, "except"),)),
            origin=text_of(words, "__origin"),
        )
