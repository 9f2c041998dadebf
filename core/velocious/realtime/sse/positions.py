"""Where a stream stands in each of its channels: what its events have as their id.

Law: a browser sends back the id of the last event it saw, and nothing else. So each id says all
that is needed to go on, in this process or in another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, unquote

#: Bytes of an id: it comes back as a header.
LONGEST = 2000
#: Ids of streams that are not to come back, and of those that are in too many channels to go on.
STOP, LOST = "stop", "lost"


@dataclass(slots=True)
class Positions:
    """Channel → position after which to go on; empty where the channel remembers nothing.

    Attributes:
        is_lost: whether something came before that nobody knows any more.
    """

    of: dict[str, str] = field(default_factory=dict[str, str])
    is_lost: bool = False

    @classmethod
    def read(cls, id: str) -> Positions:
        """From what a client sent; whatever it is."""
        if not id or id == STOP:
            return cls()
        found: dict[str, str] = {}
        for pair in id.split("&"):
            name, equals, position = pair.partition("=")
            if not equals:
                return cls(is_lost=True)
            found[unquote(name)] = unquote(position)
        return cls(found)

    def since(self, channel: str) -> str | None:
        """The position after which *channel* goes on; None where it begins."""
        return "" if self.is_lost else self.of.get(channel)

    def write(self) -> str:
        """As the id of an event."""
        text = "&".join(f"{_quoted(name)}={_quoted(at)}" for name, at in self.of.items())
        return text if len(text) <= LONGEST else LOST


def _quoted(text: str) -> str:
    return quote(text, safe=":.,@;")
