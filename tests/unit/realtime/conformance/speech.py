"""How one dialect says what all of them can say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.realtime.dialects import Dialect

#: What a client was told: the kind of it, and the facts.
type Heard = tuple[Any, ...]


@dataclass(frozen=True)
class Speech:
    """A table for one dialect; None for what it has no words for.

    Attributes:
        subscribe: a channel, and the signature and the member that a client may bring along.
        tell: a channel, an event, its data: what a client tells the others.
        call: a name, data: what a client asks the application.
        authenticate: a token.
        understand: what one frame of the server means.
        acknowledges: whether it hears that it is subscribed.
        refused_status: the number of a close after failed authentication.
        closes: numbers that differ from those of the native dialect.
        odd: frames that are wrong in this dialect only.
    """

    dialect: Dialect
    subscribe: Callable[..., Any]
    unsubscribe: Callable[[str], Any]
    understand: Callable[[Any], Heard]
    tell: Callable[[str, str, Any], Any] | None = None
    call: Callable[[str, Any], Any] | None = None
    authenticate: Callable[[str], Any] | None = None
    ping: Any = None
    pong: Any = None
    signs: bool = False
    acknowledges: bool = True
    presence: bool = True
    closes: Mapping[str, int] | None = None
    odd: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        return self.dialect.name


def text(frame: Any) -> str | bytes:
    """*frame* as it goes over the wire."""
    return frame if isinstance(frame, str | bytes) else json.dumps(frame)
