"""What could not be published: told to everybody as soon as that is possible.

Law: it is bounded, and forgets nothing: where there is too much, everything counts as torn.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from velocious.realtime.publication import Audience

if TYPE_CHECKING:
    from velocious.realtime.envelopes import NativeEnvelope
    from velocious.realtime.publication import Publication
    from velocious_node.realtime.redis.names import Names
    from velocious_node.realtime.redis.outbox import Outbox

#: Channels that are remembered one by one.
MOST = 10_000
#: Sign-outs that are said again.
KICKS = 1_000


class Tears:
    """Channels in which publications of this process were lost."""

    def __init__(self, outbox: Outbox, names: Names, envelope: NativeEnvelope, origin: str) -> None:
        self._outbox = outbox
        self._names = names
        self._envelope = envelope
        self._origin = origin
        self._channels: dict[str, None] = {}
        self._is_everything = False
        # Whoever was signed out must not stay because Redis was away.
        self._kicks: deque[Publication] = deque(maxlen=KICKS)

    def add(self, publication: Publication) -> None:
        """*publication* did not go out, as far as we know."""
        if publication.audience is Audience.CHANNEL:
            self._channels[publication.name] = None
            if len(self._channels) > MOST:
                self._is_everything = True
                self._channels.clear()
        elif publication.inner:
            self._kicks.append(publication)

    async def tell(self) -> bool:
        """Tell everybody; whether there was anything. Raises what the connection raises."""
        if not (self._is_everything or self._channels or self._kicks):
            return False
        while self._kicks:
            await self._say(self._names.everybody, self._kicks[0])
            self._kicks.popleft()
        if self._is_everything:
            await self._tear_everything()
        while self._channels:
            name = next(iter(self._channels))
            # Their histories have a hole: another epoch says so to whoever comes back.
            del self._channels[name]
            try:
                await self._forget_history(name)
                await self._say(self._names.place(name), name)
            except BaseException:
                self._channels[name] = None
                raise
        return True

    async def _tear_everything(self) -> None:
        self._is_everything = False
        try:
            await self._forget_everything()
        except BaseException:
            self._is_everything = True
            raise

    async def _forget_everything(self) -> None:
        pattern = f"{_literal(self._names.prefix)}:at:*"
        for key in await self._outbox.keys_now(pattern):
            await self._outbox.now("DEL", key)
        await self._say(self._names.everybody, "")

    async def _forget_history(self, name: str) -> None:
        for key in self._names.history(name):
            await self._outbox.now("DEL", key)

    async def _say(self, place: str, what: Publication | str) -> Any:
        text = (
            self._envelope.write_gap(what, self._origin)
            if isinstance(what, str)
            else self._envelope.write(what, self._origin)
        )
        return await self._outbox.now("PUBLISH", place, text)


def _literal(text: str) -> str:
    """*text* in a pattern, meaning itself."""
    return "".join(f"\\{one}" if one in "*?[]\\^" else one for one in text)
