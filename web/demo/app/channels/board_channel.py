"""Who looks at the server's board."""

from __future__ import annotations

from velocious.realtime import Channel


class BoardChannel(Channel):
    """Says who is there. What they change, live queries tell."""

    pattern = "presence-board"
    # A reload is seen by nobody.
    leave_grace = 3

    async def authorize(self) -> bool:
        return self.user is not None
