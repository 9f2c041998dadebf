"""A client of any dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.realtime.conformance.speech import text
from velocious.realtime import Admit, Identity
from velocious.testing.realtime import Participant

if TYPE_CHECKING:
    from tests.unit.realtime.conformance.speech import Heard, Speech
    from velocious.realtime import Engine


class Talker:
    """Speaks and understands a dialect by its table."""

    def __init__(self, engine: Engine, speech: Speech, user: str | None = "ann") -> None:
        identity = None if user is None else Identity(user, info={"name": user})
        self.speech = speech
        self.participant = Participant(engine, speech.dialect, admitted=Admit(identity))
        self.id = self.participant.connection.id

    async def says(self, frame: Any) -> None:
        assert frame is not None
        await self.participant.sends(text(frame))

    async def subscribes(self, channel: str, *more: str | None) -> None:
        await self.says(self.speech.subscribe(channel, *more))

    async def leaves(self) -> None:
        await self.participant.leaves()

    @property
    def heard(self) -> list[Heard]:
        return [self.speech.understand(frame) for frame in self.participant.frames]

    def all_heard(self, kind: str) -> list[Heard]:
        return [one[1:] for one in self.heard if one[0] == kind]

    @property
    def channels(self) -> set[str]:
        return {one.name for one in self.participant.connection.subscriptions.values()}

    @property
    def code(self) -> int | None:
        closed = self.participant.closed
        return None if closed is None else closed[0]
