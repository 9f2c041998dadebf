"""What a request gets that comes to a socket's path, and is none for a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from velocious.routing.realtime.asked import Asked


async def upgrade_required(asked: Asked) -> None:
    """426: this path speaks another protocol."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    raise HTTPException(426, "This is the address of a websocket.", headers)
