"""The board that all who look at the server's database see together."""

from __future__ import annotations

from velocious.realtime import Channel, Keep


class BoardChannel(Channel):
    """Says who is there, and what was changed. It tells which rows, not what is in them."""

    pattern = "presence-board"
    history = Keep(count=100, seconds=300)
    # A reload is seen by nobody.
    leave_grace = 3

    async def authorize(self) -> bool:
        return self.user is not None
