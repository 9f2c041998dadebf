"""The port for dialects: what turns frames into commands, and outputs into frames.

Law: a dialect is a table, not a state machine. It keeps nothing of a connection; the engine does
all the thinking, so that every dialect gets the same answers, limits and permissions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from velocious.realtime import outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.realtime.channel import Channel
    from velocious.realtime.close_codes import Close
    from velocious.realtime.commands import Command
    from velocious.realtime.publication import Publication
    from velocious.realtime.upgrade import Upgrade

#: A frame: text, or bytes for a binary one; a list of them; None where a dialect has no word.
type Frames = str | bytes | Sequence[str | bytes] | None


@dataclass(frozen=True, slots=True)
class Objection:
    """A client that speaks something else is told so, and closed.

    Attributes:
        code: of the close.
        frames: what it is told before.
    """

    code: int
    reason: str
    frames: Sequence[str | bytes] = ()


class Dialect(ABC):
    """One way to talk to the engine.

    Attributes:
        name: what it is called in settings.
        subprotocols: values of ``Sec-WebSocket-Protocol`` that choose it, best first.
        loose_names: whether channels may have any printable name.
        acknowledges: whether subscriptions are confirmed.
        pings: whether the engine asks silent clients, or only waits for them.
        mortal: whether a client that says nothing for long is taken for gone; not where clients
            need not say anything, and the server's own pings find out.
        beat: seconds between two pings that clients wait for; None where they wait for none.
        resumes: whether a client may go on with a connection whose transport was lost.
        open_channels: whether channels that nobody declared may be open to all.
        dates_replies: whether its replies say when.
        client_event_limit: bytes of data of what clients tell each other; None where only the limit
            of messages holds.
        close_codes: numbers for reasons that it says in its own way.
    """

    name: ClassVar[str]
    subprotocols: ClassVar[tuple[str, ...]] = ()
    loose_names: bool = False
    pings: ClassVar[bool] = True
    mortal: ClassVar[bool] = True
    beat: ClassVar[float | None] = None
    resumes: ClassVar[bool] = False
    open_channels: ClassVar[bool] = True
    dates_replies: ClassVar[bool] = False
    client_event_limit: ClassVar[int | None] = None
    close_codes: ClassVar[dict[Close, int]] = {}

    @classmethod
    def for_channels(cls, channels: Iterable[type[Channel]]) -> Self:
        """The dialect for an application that declares *channels*."""
        return cls()

    @abstractmethod
    def decode(self, frame: str | bytes) -> Sequence[Command]:
        """What the client asks for.

        Raises:
            BadFrameError: nothing that this dialect knows.
        """

    @abstractmethod
    def event(self, alias: str, publication: Publication) -> str | bytes | None:
        """The frame of *publication* for everybody who calls its channel *alias*."""

    def replayed(self, alias: str, publication: Publication) -> str | bytes | None:
        """The frame of *publication* for a client that missed it, and gets it from a history."""
        return self.event(alias, publication)

    def check_channel(self, name: str) -> str:
        """*name*, if it may be asked for.

        Raises:
            Fault: it means something to clients of this dialect that nothing here keeps.
        """
        return name

    def alias_of(self, channel: str) -> str:
        """What clients call *channel* when the server puts them into it."""
        return channel

    def objection(self, upgrade: Upgrade) -> Objection | None:
        """Why a client that asks like this is not understood here; None where it is."""
        return None

    def encode(self, output: outputs.Output) -> Frames:
        """The frame for *output*."""
        return getattr(self, _NAMES[type(output)])(output)

    def close_code(self, close: Close) -> int:
        return self.close_codes.get(close, int(close))

    def connection_id(self, random: bytes) -> str:
        """A connection's id from 16 random bytes: it must stay unguessable."""
        return random.hex()

    # What a dialect says; each may stay unsaid.

    def hello(self, output: outputs.Hello) -> Frames:
        return None

    def ready(self, output: outputs.Ready) -> Frames:
        return None

    def subscribed(self, output: outputs.Subscribed) -> Frames:
        return None

    def refused(self, output: outputs.Refused) -> Frames:
        return None

    def unsubscribed(self, output: outputs.Unsubscribed) -> Frames:
        return None

    def reply(self, output: outputs.Reply) -> Frames:
        return None

    def failure(self, output: outputs.Failure) -> Frames:
        return None

    def pinged(self, output: outputs.Pinged) -> Frames:
        return None

    def ponged(self, output: outputs.Ponged) -> Frames:
        return None

    def resync(self, output: outputs.Resync) -> Frames:
        return None

    def responded(self, output: outputs.Responded) -> Frames:
        return None

    def resumed(self, output: outputs.Resumed) -> Frames:
        return None

    def gone(self, output: outputs.Gone) -> Frames:
        return None

    def bye(self, output: outputs.Bye) -> Frames:
        return None


_NAMES: dict[type[Any], str] = {
    outputs.Hello: "hello",
    outputs.Ready: "ready",
    outputs.Subscribed: "subscribed",
    outputs.Refused: "refused",
    outputs.Unsubscribed: "unsubscribed",
    outputs.Reply: "reply",
    outputs.Failure: "failure",
    outputs.Pinged: "pinged",
    outputs.Ponged: "ponged",
    outputs.Resync: "resync",
    outputs.Responded: "responded",
    outputs.Resumed: "resumed",
    outputs.Gone: "gone",
    outputs.Bye: "bye",
}
